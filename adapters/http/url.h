// SPDX-License-Identifier: Apache-2.0
// Addresses of http and https. What two readers could read differently (user names, backslashes, spaces, characters
// outside ASCII) is no URL here, because a token is given away by what a URL's host is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spiritsafe {

struct Url {
  std::string scheme = {};  // `http` or `https`
  std::string host = {};    // in lower case; an IPv6 address in its brackets
  uint16_t port = 0;
  std::string target = {};  // path and query, begins with `/`; a fragment is dropped
};

std::optional<Url> parse_url(std::string_view text);
// What a Location or Link at `base` points to.
std::optional<Url> resolve(const Url& base, std::string_view reference);

// `https://api.github.com`; the port only where it is not the scheme's own.
std::string origin_of(const Url& url);
std::string to_text(const Url& url);
bool same_origin(const Url& left, const Url& right);

// One part of a path or a query, with all but letters, digits and `-._~` as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace spiritsafe
