// SPDX-License-Identifier: Apache-2.0
// Requests and responses as values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spiritsafe {

struct Header {
  std::string name = {};  // of a response: in lower case
  std::string value = {};
};

struct Request {
  std::string method = "GET";
  std::string url = {};  // `/repos/o/r/labels`, below the platform's address; or a whole URL of the same origin
  std::vector<Header> headers = {};  // besides those of the client's settings; never a token
  std::string body = {};
  // A PATCH or POST that leaves the same when it is done twice. GET, HEAD, PUT and DELETE always do.
  bool repeatable = false;
};

struct Response {
  int status = 0;
  std::vector<Header> headers = {};
  std::string body = {};
  std::string url = {};  // what answered: after redirects another one than was asked
};

// The first header of that name (in lower case); empty where there is none.
std::string_view header_of(const Response& response, std::string_view name);

bool is_success(const Response& response);
// Of methods other than GET and HEAD: it may change something.
bool is_write(const Request& request);
bool may_repeat(const Request& request);

// What the platform calls the request in its own logs: ` (request id 8C4A:…)`; empty where it gives none.
std::string show_request_id(const Response& response);

}  // namespace spiritsafe
