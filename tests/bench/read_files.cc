// SPDX-License-Identifier: Apache-2.0
// What the program is measured against: opens, reads and closes the files of a list with so many threads, no more.
//   read_files LIST THREADS
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: read_files LIST THREADS\n", stderr);
    return 2;
  }
  std::vector<std::string> paths;
  std::ifstream list(argv[1]);
  for (std::string path; std::getline(list, path);) {
    paths.push_back(path);
  }
  std::atomic<size_t> next = 0;
  std::atomic<size_t> bytes = 0;
  std::atomic<size_t> unread = 0;
  const auto work = [&] {
    std::vector<char> buffer(1u << 20);
    for (size_t index = next++; index < paths.size(); index = next++) {
      const int file = open(paths[index].c_str(), O_RDONLY | O_CLOEXEC);
      unread += file < 0 ? 1 : 0;
      for (ssize_t got = file < 0 ? 0 : read(file, buffer.data(), buffer.size()); got > 0;
           got = read(file, buffer.data(), buffer.size())) {
        bytes += static_cast<size_t>(got);
      }
      if (file >= 0) {
        close(file);
      }
    }
  };
  std::vector<std::thread> threads;
  for (int count = std::atoi(argv[2]); count > 0; --count) {
    threads.emplace_back(work);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::printf("%zu files, %zu bytes\n", paths.size() - unread, bytes.load());
  return unread == 0 ? 0 : 1;
}
