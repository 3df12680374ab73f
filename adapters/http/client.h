// SPDX-License-Identifier: Apache-2.0
// The client of one platform: sends its token to that origin and to no other, keeps deadlines, waits where it is asked
// to, and sends again only what may be sent twice.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/message.h"
#include "adapters/http/transfer.h"
#include "engine/text/error.h"

namespace spiritsafe {

// Time as a value, so that waiting is tested without waiting.
struct Clock {
  std::function<std::chrono::milliseconds()> now = {};  // since any moment; never goes back
  std::function<void(std::chrono::milliseconds)> sleep = {};
};
Clock system_clock();

struct ClientSettings {
  std::string address = {};                    // of the platform's API: `https://api.github.com`, `https://host/api/v3`
  std::string token = {};                      // empty: none is sent
  std::string token_name = "the token";        // where it comes from, for errors: `GITHUB_TOKEN`
  std::string token_header = "Authorization";  // as Bearer; any other header (JOB-TOKEN) holds the token alone
  std::string user_agent = "spiritsafe";
  std::vector<Header> headers = {};  // of every request
  std::string certificates = {};     // surroundings.h
  Proxies proxies = {};
  TransferLimits limits = {};                   // of each request
  std::chrono::milliseconds deadline{600'000};  // of all requests together, waits included
  std::chrono::milliseconds longest_wait{300'000};
  std::chrono::milliseconds between_writes{0};
  int attempts = 4;  // how often a request is sent at most
  Clock clock = {};
  std::function<void(std::string_view line)> say = {};  // what is being done: each write, each wait
};

class Client {
 public:
  // An error where the address or the token cannot be one.
  static Result<Client> open(ClientSettings settings);

  // The answer, whatever its status (refusal() makes an error of it); an error where there is none. Nothing in either
  // holds the token, also where the server sends it back.
  Result<Response> send(const Request& request);

 private:
  Client(ClientSettings settings, Url address);
  Result<Url> find_url(const Request& request) const;
  Result<Response> send_to(const Url& url, const Request& request);
  Transfer exchange(const Url& url, const Request& request);
  bool wait(std::chrono::milliseconds time, const std::string& why);
  std::chrono::milliseconds time_left() const;
  void remove_secrets(Transfer& transfer) const;

  ClientSettings settings_;
  Url address_;
  std::vector<Header> headers_;
  Connections connections_;
  std::chrono::milliseconds start_{0};
  std::chrono::milliseconds last_write_{0};
  bool has_written_ = false;
};

// An answer that is no success as an error: the request, the status, the server's words, the request id.
Error refusal(const Request& request, const Response& response);
// The response where it is a success; else its refusal.
Result<Response> expect_success(const Request& request, Result<Response> response);

}  // namespace spiritsafe
