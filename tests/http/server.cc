// SPDX-License-Identifier: Apache-2.0
#include "tests/http/server.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

namespace spiritsafe::tests {
namespace {

void replace_all(std::string& text, const std::string& old, const std::string& with) {
  for (size_t at = text.find(old); at != std::string::npos; at = text.find(old, at + with.size())) {
    text.replace(at, old.size(), with);
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "spiritsafe-http-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(pattern.data()));
  folder_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Server::Server(const std::vector<std::string>& steps, const std::vector<std::string>& options) {
  std::vector<std::string> words = {"python3", "-I", "-S", "tests/http/server.py", folder_.path("log")};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), steps.begin(), steps.end());
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  std::array<int, 2> in{}, out{};
  BOOST_REQUIRE(::pipe2(in.data(), O_CLOEXEC) == 0 && ::pipe2(out.data(), O_CLOEXEC) == 0);
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  std::string text;
  // To the end of the line: an unbuffered Python writes it by itself, and would fail where nobody reads.
  for (char c = 0; c != '\n' && ::read(out[0], &c, 1) == 1;) {
    text += c;
  }
  ::close(out[0]);
  port_ = std::atoi(text.c_str());
  BOOST_REQUIRE_MESSAGE(port_ > 0, "the test's server does not start: python3 tests/http/server.py");
}

Server::~Server() {
  ::close(input_);
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

std::string Server::address() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::string Server::log() const {
  std::ifstream file(folder_.path("log"), std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  replace_all(text, std::to_string(port_), "PORT");
  return text;
}

std::vector<std::string> Server::requests() const {
  std::vector<std::string> requests;
  const std::string text = log();
  for (size_t begin = 0; begin < text.size();) {
    const std::string line = text.substr(begin, text.find('\n', begin) - begin);
    requests.push_back(line.substr(0, line.rfind(' ')));
    begin = text.find("\n====\n", begin);
    begin = begin == std::string::npos ? text.size() : begin + 6;
  }
  return requests;
}

size_t Server::count_requests(size_t expected) const {
  for (int i = 0; i < 500 && requests().size() < expected; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return requests().size();
}

std::string answer(const std::string& status_and_headers, const std::string& body) {
  std::string head = "HTTP/1.1 " + status_and_headers + "\n";
  replace_all(head, "\n", "\r\n");
  return fmt::format("{}Content-Length: {}\r\n\r\n{}", head, body.size(), body);
}

ClientSettings settings_for(const std::string& address, Journal& journal) {
  ClientSettings settings;
  settings.address = address;
  settings.token = token;
  settings.token_name = "GITHUB_TOKEN";
  settings.clock.now = [&journal] { return journal.now; };
  settings.clock.sleep = [&journal](std::chrono::milliseconds time) {
    journal.waits.push_back(fmt::format("{:g} s", static_cast<double>(time.count()) / 1000));
    journal.now += time;
  };
  settings.say = [&journal](std::string_view line) { journal.lines.emplace_back(line); };
  settings.limits.whole = std::chrono::seconds(20);
  return settings;
}

std::string show(const Result<Response>& response, const Server& server, const Server* other) {
  std::string text =
      response ? fmt::format("{} {}", response->status, response->body) : format_errors(response.error());
  BOOST_TEST(text.find(token) == std::string::npos);
  replace_all(text, std::to_string(server.port()), "PORT");
  if (other) {
    replace_all(text, std::to_string(other->port()), "OTHER");
  }
  return text;
}

std::string sent(ClientSettings settings, const Request& request, const Server& server, const Server* other) {
  Result<Client> client = Client::open(std::move(settings));
  if (!client) {
    return format_errors(client.error());
  }
  return show(client->send(request), server, other);
}

}  // namespace spiritsafe::tests
