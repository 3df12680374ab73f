// SPDX-License-Identifier: Apache-2.0
// One request, sent once: what came back, or what went wrong. The only room in which libcurl is known.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/message.h"
#include "adapters/http/surroundings.h"
#include "adapters/http/url.h"

namespace spiritsafe {

struct TransferLimits {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds whole{30'000};
  size_t largest_body = 16u << 20;
  size_t largest_headers = 256u << 10;
};

struct Transfer {
  enum class Fault : uint8_t {
    none,
    not_resolved,
    refused,
    not_connected,
    untrusted,         // the certificate
    bad_certificates,  // our own
    proxy,             // it answers, but does not let us through
    too_late,          // the deadline
    broken,            // the connection ended before the answer did
    too_large,
    compressed,
    other,
  };
  Fault fault = Fault::none;
  bool sent = false;        // something of the request may have arrived
  std::string detail = {};  // the library's words, for faults about certificates, proxies and others
  Response response = {};   // complete where there is no fault, else empty
};

// Why nothing can be sent from this machine (libcurl is missing); empty: it can.
std::string sending_fault();

// Keeps its connections open from one request to the next.
class Connections {
 public:
  Connections(std::string certificates, Proxies proxies);
  Connections(Connections&&) noexcept;
  Connections& operator=(Connections&&) noexcept;
  ~Connections();

  // `headers` besides the request's own. Redirects are not followed, and nothing is sent twice.
  Transfer exchange(const Url& url, const Request& request, const std::vector<Header>& headers,
                    const TransferLimits& limits);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace spiritsafe
