// SPDX-License-Identifier: Apache-2.0
// How fast the reader is: bench LIST [TIMES], where LIST names a file of paths. Everything is read first; one thread,
// one arena a file.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/python/token.h"

int main(int count, char** arguments) {
  using namespace spiritsafe;
  if (count < 2) {
    std::fprintf(stderr, "bench LIST [TIMES]\n");
    return 2;
  }
  const int times = count > 2 ? std::stoi(arguments[2]) : 14;
  std::vector<std::string> texts;
  size_t bytes = 0;
  std::ifstream list(arguments[1]);
  for (std::string path; std::getline(list, path);) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    texts.push_back(text.str());
    bytes += texts.back().size();
  }
  const auto measure = [&](const char* what, auto&& work) {
    double best = 1e9;
    size_t result = 0;
    for (int round = 0; round < times; ++round) {
      const auto start = std::chrono::steady_clock::now();
      result = 0;
      for (const std::string& text : texts) {
        result += work(text);
      }
      best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::printf("%-10s %zu files, %.2f MB, best of %d: %.2f ms, %.0f MB/s (%zu)\n", what, texts.size(),
                static_cast<double>(bytes) / 1e6, times, best * 1e3, static_cast<double>(bytes) / 1e6 / best, result);
  };
  python::TokenBuffer buffer;
  measure("tokenize", [&](const std::string& text) {
    python::tokenize(text, 0, {}, buffer);
    return buffer.tokens.size();
  });
  measure("parse", [&](const std::string& text) {
    Arena arena;
    const python::ParseResult result = python::parse(text, {}, arena);
    return result ? result.module->body.size() : 0;
  });
  return 0;
}
