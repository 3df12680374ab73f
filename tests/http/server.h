// SPDX-License-Identifier: Apache-2.0
// A real server on a free port of 127.0.0.1 that answers as it is told (server.py), and a client with a clock that does
// not wait.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "adapters/http/client.h"

namespace spiritsafe::tests {

inline const std::string token = "ghs_0123456789abcdefTOKEN";

// A folder that is removed with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

class Server {
 public:
  // Steps: `HTTP/1.1 200 …` as answer() makes them, or a fault of server.py.
  explicit Server(const std::vector<std::string>& steps, const std::vector<std::string>& options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  int port() const { return port_; }
  std::string address() const;  // http://127.0.0.1:PORT
  // The first line of each request, in the order in which they came: `GET /a`.
  std::vector<std::string> requests() const;
  // Waits until so many have come, for clients that left before the server was at them.
  size_t count_requests(size_t expected) const;
  // All that came, with the server's port as PORT.
  std::string log() const;

 private:
  TemporaryFolder folder_;
  pid_t process_ = -1;
  int input_ = -1;
  int port_ = 0;
};

// `200 OK` and headers, one a line; the length is added.
std::string answer(const std::string& status_and_headers, const std::string& body = {});

// What a client did besides sending: each wait and each line it said.
struct Journal {
  std::vector<std::string> waits = {};
  std::vector<std::string> lines = {};
  std::chrono::milliseconds now{0};
};

ClientSettings settings_for(const std::string& address, Journal& journal);

// The answer as `200 body`, or the whole error text; ports of the servers as PORT, OTHER.
std::string show(const Result<Response>& response, const Server& server, const Server* other = nullptr);
// One request with these settings.
std::string sent(ClientSettings settings, const Request& request, const Server& server, const Server* other = nullptr);

}  // namespace spiritsafe::tests
