// SPDX-License-Identifier: Apache-2.0
// What of the machine decides how another one is reached: whose certificates are trusted, and which proxy is between.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/error.h"

namespace spiritsafe {

// The value of an environment variable; empty where it is not set.
using ReadVariable = std::function<std::string(std::string_view name)>;

struct Certificates {
  std::string pem = {};                 // the system's, then those that were added; empty: the library's own default
  std::vector<std::string> notes = {};  // files that a variable names and that hold none
};

// The system's certificates and, added to them, those of `ca_file` (--ca-file) and of the files that
// CI_SERVER_TLS_CA_FILE, SSL_CERT_FILE, CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE and NODE_EXTRA_CA_CERTS name. An error where
// `ca_file` is given and holds none.
Result<Certificates> read_certificates(const std::string& ca_file, const ReadVariable& environment);

struct Proxies {
  std::string http = {};
  std::string https = {};
  std::string none_for = {};  // NO_PROXY
};

// As curl reads them: https_proxy, HTTPS_PROXY, http_proxy (upper case could be set by a CGI request), all_proxy,
// ALL_PROXY, no_proxy, NO_PROXY.
Proxies read_proxies(const ReadVariable& environment);

// The passwords in the proxies' addresses, as written and decoded.
std::vector<std::string> passwords_of(const Proxies& proxies);

}  // namespace spiritsafe
