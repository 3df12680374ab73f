// SPDX-License-Identifier: Apache-2.0
#include "adapters/git/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

extern char** environ;

namespace spiritsafe {
namespace {

// macOS has no pipe2.
int open_pipe(std::array<int, 2>& ends) {
#ifdef __APPLE__
  if (::pipe(ends.data()) != 0) {
    return -1;
  }
  return ::fcntl(ends[0], F_SETFD, FD_CLOEXEC) | ::fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#else
  return ::pipe2(ends.data(), O_CLOEXEC);
#endif
}

// Both ends of a pipe, closed on exec; -1 once closed.
struct Pipe {
  int read = -1;
  int write = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (open_pipe(ends) == 0) {
      read = ends[0];
      write = ends[1];
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_read();
    close_write();
  }
  void close_read() { close_one(read); }
  void close_write() { close_one(write); }
  bool is_open() const { return read >= 0; }

 private:
  static void close_one(int& end) {
    if (end >= 0) {
      ::close(end);
      end = -1;
    }
  }
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& each : strings) {
    out.push_back(each.data());
  }
  out.push_back(nullptr);
  return out;
}

// `extra` first: of two settings of one name, most programs take the first.
std::vector<std::string> environment_with(const std::vector<std::string>& extra) {
  std::vector<std::string> all = extra;
  for (char** each = environ; *each; ++each) {
    const std::string_view setting = *each;
    const std::string_view name = setting.substr(0, setting.find('='));
    const bool replaced = std::ranges::any_of(extra, [&](const std::string& own) {
      return own.size() > name.size() && own.starts_with(name) && own[name.size()] == '=';
    });
    if (!replaced) {
      all.emplace_back(setting);
    }
  }
  return all;
}

// Appends what can be read now; false at the end.
bool read_some(int from, std::string& to, size_t largest, bool& truncated) {
  std::array<char, 65536> buffer{};
  const ssize_t count = ::read(from, buffer.data(), buffer.size());
  if (count < 0) {
    return errno == EINTR || errno == EAGAIN;
  }
  const size_t room = largest - std::min(largest, to.size());
  const auto got = static_cast<size_t>(count);
  to.append(buffer.data(), std::min(got, room));
  truncated = truncated || got > room;
  return count > 0;
}

// All three streams at once, so that a program that waits on one while we wait on another cannot hang.
void exchange(Pipe& in, Pipe& out, Pipe& err, std::string_view input, size_t largest, ProcessResult& result) {
  bool ignored = false;
  if (input.empty()) {
    in.close_write();
  } else {
    ::fcntl(in.write, F_SETFL, O_NONBLOCK);
  }
  while (out.read >= 0 || err.read >= 0) {
    std::array<pollfd, 3> waits = {{{out.read, POLLIN, 0}, {err.read, POLLIN, 0}, {in.write, POLLOUT, 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) {
      return;
    }
    if (waits[0].revents != 0 && !read_some(out.read, result.out, largest, result.truncated)) {
      out.close_read();
    }
    if (waits[1].revents != 0 && !read_some(err.read, result.err, 64u << 10, ignored)) {
      err.close_read();
    }
    if (in.write >= 0 && waits[2].revents != 0) {
      const ssize_t count = ::write(in.write, input.data(), input.size());
      if (count > 0) {
        input.remove_prefix(static_cast<size_t>(count));
      }
      if (input.empty() || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        in.close_write();
      }
    }
  }
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, std::string_view input,
                          const std::vector<std::string>& extra_environment, size_t largest) {
  ProcessResult result;
  Pipe in, out, err;
  if (!in.is_open() || !out.is_open() || !err.is_open()) {
    result.err = std::strerror(errno);
    return result;
  }
  std::vector<std::string> words = arguments, environment = environment_with(extra_environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write, 1);
  posix_spawn_file_actions_adddup2(&actions, err.write, 2);
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, words[0].c_str(), &actions, nullptr, pointers(words).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    result.err = std::strerror(failed);
    return result;
  }
  in.close_read();
  out.close_write();
  err.close_write();
  // A program that stops reading must not end us by SIGPIPE.
  struct sigaction ignore {
  }, before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  exchange(in, out, err, input, largest, result);
  ::sigaction(SIGPIPE, &before, nullptr);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

}  // namespace spiritsafe
