// SPDX-License-Identifier: Apache-2.0
// Our reader against CPython's: every .py under the folders, and mutants of them, must give the same tree or be refused
// by both.
//
//   differential [--python PYTHON] [--target 3.N] [--at-least N] [--mutants N] [--seed N] [--show N] [--no-spans]
//   --dump-ast dump_ast.py FOLDER…
//
// Prints `N files compared, M different`; exits 1 if M > 0 or N is less than --at-least.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/python/dump.h"
#include "tests/python/sha1.h"

namespace {

namespace fs = std::filesystem;
using namespace spiritsafe;

struct Options {
  std::string python = "/usr/bin/python3";
  std::string dump_ast = {};
  bool spans = true;
  python::Version target = {3, 11};
  size_t at_least = 0;
  size_t mutants = 0;
  unsigned seed = 1;
  size_t show = 20;
  std::vector<std::string> folders = {};
};

struct Tally {
  size_t compared = 0;
  size_t different = 0;
  size_t refused = 0;
  size_t unknown_names = 0;  // CPython refused \N{…} because there is no such character; we do not look them up
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> find_files(const std::vector<std::string>& folders) {
  std::vector<std::string> paths;
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
      if (entry.path().extension() == ".py" && !entry.is_symlink() && entry.is_regular_file()) {
        paths.push_back(entry.path());
      }
    }
  }
  std::ranges::sort(paths);
  return paths;
}

// Our answer in the form of dump_ast.py's: the digest, or `refused` and why.
std::string our_answer(const Options& options, const std::string& text, std::string* full = nullptr) {
  Arena arena;
  const python::ParseResult result = python::parse(text, options.target, arena);
  if (!result) {
    return "refused " + std::to_string(result.error->where.begin) + ": " + result.error->message;
  }
  std::string dumped = python::dump(*result.module, result.text, options.target, options.spans);
  const std::string digest = sha1(dumped);
  if (full != nullptr) {
    *full = std::move(dumped);
  }
  return digest;
}

std::string command(const Options& options) {
  return "'" + options.python + "' '" + options.dump_ast + "'" + (options.spans ? "" : " --no-spans");
}

std::mutex show_mutex;

void show_difference(const Options& options, const std::string& path, const std::string& theirs,
                     const std::string& ours) {
  const std::lock_guard lock(show_mutex);
  std::cout << path << "\n  cpython: " << theirs << "\n  ours:    " << ours << "\n";
  if (theirs.starts_with("refused") || ours.starts_with("refused")) {
    return;
  }
  const std::string copy = "/tmp/spiritsafe-differential.dump";
  if (std::system((command(options) + " --full '" + path + "' > " + copy).c_str()) != 0) {
    return;
  }
  std::string full;
  our_answer(options, read_file(path), &full);
  std::istringstream our_lines(full);
  std::ifstream their_lines(copy);
  std::string our_line;
  std::string their_line;
  std::string context;
  while (std::getline(our_lines, our_line) && std::getline(their_lines, their_line)) {
    if (our_line != their_line) {
      std::cout << "  after:   " << context << "\n  cpython: " << their_line << "\n  ours:    " << our_line << "\n";
      return;
    }
    context = our_line;
  }
}

bool is_refusal(const std::string& answer) { return answer.starts_with("refused"); }

Tally compare(const Options& options, const std::vector<std::string>& paths, size_t job, size_t jobs) {
  const std::string list = "/tmp/spiritsafe-differential-" + std::to_string(::getpid()) + "-" + std::to_string(job);
  {
    std::ofstream file(list);
    for (size_t i = job; i < paths.size(); i += jobs) {
      file << paths[i] << "\n";
    }
  }
  Tally tally;
  FILE* answers = ::popen((command(options) + " < " + list).c_str(), "r");
  std::array<char, 8192> buffer = {};
  while (std::fgets(buffer.data(), buffer.size(), answers) != nullptr) {
    std::string line = buffer.data();
    line.pop_back();
    const size_t tab = line.find('\t');
    const std::string path = line.substr(0, tab);
    const std::string theirs = line.substr(tab + 1);
    const std::string ours = our_answer(options, read_file(path));
    ++tally.compared;
    tally.refused += is_refusal(theirs) ? 1 : 0;
    if (theirs == ours || (is_refusal(theirs) && is_refusal(ours))) {
      continue;
    }
    if (theirs.find("unknown Unicode character name") != std::string::npos) {
      ++tally.unknown_names;
      continue;
    }
    if (++tally.different <= options.show) {
      show_difference(options, path, theirs, ours);
    }
  }
  ::pclose(answers);
  fs::remove(list);
  return tally;
}

Tally compare_all(const Options& options, const std::vector<std::string>& paths) {
  constexpr size_t jobs = 2;
  std::array<Tally, jobs> tallies;
  std::vector<std::thread> threads;
  for (size_t job = 0; job < jobs; ++job) {
    threads.emplace_back([&, job] { tallies[job] = compare(options, paths, job, jobs); });
  }
  Tally total;
  for (size_t job = 0; job < jobs; ++job) {
    threads[job].join();
    total.compared += tallies[job].compared;
    total.different += tallies[job].different;
    total.refused += tallies[job].refused;
    total.unknown_names += tallies[job].unknown_names;
  }
  return total;
}

// ---- Mutants ----

using Random = std::mt19937;

size_t pick(Random& random, size_t count) { return random() % std::max<size_t>(count, 1); }

// Some lines of a file, from one that is not indented: small, so that one change matters.
std::string cut_chunk(const std::string& text, Random& random) {
  std::vector<size_t> starts = {0};
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\n' && text[i + 1] != ' ' && text[i + 1] != '\t' && text[i + 1] != '\n' && text[i + 1] != ')') {
      starts.push_back(i + 1);
    }
  }
  const size_t first = pick(random, starts.size());
  const size_t begin = starts[first];
  size_t last = first + 1;
  while (last < starts.size() && starts[last] - begin < 600) {
    ++last;
  }
  const size_t end = last < starts.size() ? starts[last] : text.size();
  return text.substr(begin, std::min<size_t>(end - begin, 6000));
}

std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> words;
  const auto kind = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0 ? 1 : c == ' ' ? 2 : 0;
  };
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    while (end < text.size() && kind(text[i]) != 0 && kind(text[end]) == kind(text[i])) {
      ++end;
    }
    words.push_back(text.substr(i, end - i));
    i = end;
  }
  return words;
}

constexpr auto snippets = std::to_array<const char*>({"(",
                                                      ")",
                                                      "[",
                                                      "]",
                                                      "{",
                                                      "}",
                                                      ":",
                                                      ",",
                                                      ";",
                                                      "=",
                                                      "==",
                                                      ":=",
                                                      "->",
                                                      "@",
                                                      "*",
                                                      "**",
                                                      "/",
                                                      "-",
                                                      "~",
                                                      ".",
                                                      "...",
                                                      "!",
                                                      "\\\n",
                                                      "\n",
                                                      "\n    ",
                                                      "\t",
                                                      "\r",
                                                      "\f",
                                                      "'",
                                                      "\"",
                                                      "'''",
                                                      "\"\"\"",
                                                      "f'{x}'",
                                                      "f\"{a!r:>{w}}\"",
                                                      "b'a'",
                                                      "u'a'",
                                                      "rb'\\x'",
                                                      "'\\x4'",
                                                      "'\\N{EN DASH}'",
                                                      "#c",
                                                      "0x1F",
                                                      "0_1",
                                                      "01",
                                                      "1_",
                                                      "1e5",
                                                      "1.",
                                                      "1j",
                                                      "1if 1else 2",
                                                      "lambda: x",
                                                      "lambda *, a: x",
                                                      "lambda x",
                                                      " if ",
                                                      " else ",
                                                      "elif x:",
                                                      " for x in y",
                                                      " async for x in y",
                                                      " in ",
                                                      " not in ",
                                                      " is not ",
                                                      "not ",
                                                      "and ",
                                                      "await x",
                                                      "yield",
                                                      "yield from x",
                                                      "*a",
                                                      "**a",
                                                      "a=1",
                                                      "x:=1",
                                                      "print x",
                                                      "del ",
                                                      "return ",
                                                      "raise x from y",
                                                      "assert x, y",
                                                      "global x",
                                                      "import a.b as c",
                                                      "from . import (a, b,)",
                                                      "from .a import *",
                                                      "with (a as b, c): pass",
                                                      "with a as (b, c): pass",
                                                      "try:",
                                                      "except* E:",
                                                      "except E as e:",
                                                      "finally:",
                                                      "match x:\n  case [1, *_]: pass\n",
                                                      "case {'a': b, **c}:",
                                                      "case A(x, y=1) | -1+2j as z:",
                                                      "type X = int",
                                                      "class A(b, *c, d=1): pass",
                                                      "def f(a, /, b=1, *c, d, **e) -> f: pass",
                                                      "async def f(): pass",
                                                      "@x\n",
                                                      "None",
                                                      "True",
                                                      "é",
                                                      "ﬁ",
                                                      "x: int = 1",
                                                      "x += 1",
                                                      "a[b:c, d]",
                                                      "a[*b]",
                                                      "()",
                                                      "[]",
                                                      "{}",
                                                      "{**a}",
                                                      "{a: b}",
                                                      "$",
                                                      "?",
                                                      "<>",
                                                      "pass"});

std::string mutate(std::string text, Random& random) {
  const size_t changes = 1 + pick(random, 2);
  for (size_t change = 0; change < changes; ++change) {
    std::vector<std::string> words = split_words(text);
    if (words.size() < 3) {
      return text;
    }
    const size_t at = pick(random, words.size());
    const size_t other = pick(random, words.size());
    switch (pick(random, 10)) {
      case 0:
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        words.insert(words.begin() + static_cast<std::ptrdiff_t>(at), words[at]);
        break;
      case 2:
        std::swap(words[at], words[other]);
        break;
      case 3:
        words[at] = words[other];
        break;
      case 4:
        std::swap(words[at], words[std::min(at + 1, words.size() - 1)]);
        break;
      case 5:
        words.resize(at);
        break;
      case 6: {
        const size_t byte = pick(random, words[at].size());
        words[at].erase(byte, 1);
        break;
      }
      case 7:
        words[at].insert(pick(random, words[at].size()), 1, words[other][0]);
        break;
      case 8:
        words[at] = snippets[pick(random, snippets.size())];
        break;
      default:
        words.insert(words.begin() + static_cast<std::ptrdiff_t>(at), snippets[pick(random, snippets.size())]);
        break;
    }
    text.clear();
    for (const std::string& word : words) {
      text += word;
    }
  }
  return text;
}

std::vector<std::string> write_mutants(const Options& options, const std::vector<std::string>& paths,
                                       const fs::path& folder) {
  Random random(options.seed);
  std::vector<std::string> mutants;
  for (size_t i = 0; i < options.mutants; ++i) {
    const std::string text = read_file(paths[pick(random, paths.size())]);
    const fs::path path = folder / (std::to_string(i) + ".py");
    std::ofstream(path, std::ios::binary) << mutate(cut_chunk(text, random), random);
    mutants.push_back(path);
  }
  return mutants;
}

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    if (!option.starts_with("--")) {
      options.folders.push_back(option);
      continue;
    }
    if (option == "--no-spans") {
      options.spans = false;
      continue;
    }
    const std::string value = ++i < arguments.size() ? arguments[i] : "";
    if (option == "--python") {
      options.python = value;
    } else if (option == "--dump-ast") {
      options.dump_ast = value;
    } else if (option == "--target") {
      options.target.minor = std::stoi(value.substr(2));
    } else if (option == "--at-least") {
      options.at_least = std::stoul(value);
    } else if (option == "--mutants") {
      options.mutants = std::stoul(value);
    } else if (option == "--seed") {
      options.seed = static_cast<unsigned>(std::stoul(value));
    } else if (option == "--show") {
      options.show = std::stoul(value);
    } else {
      std::cerr << "unknown option " << option << "\n";
      std::exit(2);
    }
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = parse_options({arguments + 1, arguments + count});
  const std::vector<std::string> paths = find_files(options.folders);
  bool failed = paths.size() < options.at_least;
  if (options.mutants > 0) {
    const fs::path folder = fs::temp_directory_path() / ("spiritsafe-mutants-" + std::to_string(options.seed));
    fs::create_directories(folder);
    const Tally tally = compare_all(options, write_mutants(options, paths, folder));
    std::cout << tally.compared << " mutants compared (seed " << options.seed << ", in " << folder.string() << "), "
              << tally.refused << " refused by CPython, " << tally.unknown_names << " with an unknown \\N{…}, "
              << tally.different << " different\n";
    failed = failed || tally.different > 0 || tally.compared < options.mutants;
  }
  if (options.mutants == 0 || options.at_least > 0) {
    const Tally tally = compare_all(options, paths);
    std::cout << tally.refused << " refused by CPython, " << tally.unknown_names << " with an unknown \\N{…}\n"
              << tally.compared << " files compared, " << tally.different << " different\n";
    // A CPython that died on the way has left files out.
    failed = failed || tally.different > 0 || tally.compared < options.at_least || tally.compared < paths.size();
  }
  return failed ? 1 : 0;
}
