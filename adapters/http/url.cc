// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/url.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace spiritsafe {
namespace {

constexpr size_t longest = 8192;

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool is_one_of(char c, std::string_view others) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 3) {
    return std::ranges::all_of(host.substr(1, host.size() - 2), [](char c) { return is_one_of(c, ":."); });
  }
  return !host.empty() && host.front() != '.' && host.front() != '-' &&
         std::ranges::all_of(host, [](char c) { return is_one_of(c, ".-_"); });
}

bool is_target(std::string_view target) {
  return target.starts_with('/') &&
         std::ranges::all_of(target, [](char c) { return c > ' ' && c < 0x7F && c != '\\' && c != '"' && c != '<'; });
}

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 ? std::optional(port) : std::nullopt;
}

uint16_t own_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

// The folder of a target: `/a/b?c=/d` → `/a/`.
std::string folder_of(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  return std::string(path.substr(0, path.rfind('/') + 1));
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  const size_t scheme_end = text.find("://");
  if (text.size() > longest || scheme_end == std::string_view::npos) {
    return std::nullopt;
  }
  Url url;
  url.scheme = lowered(text.substr(0, scheme_end));
  text.remove_prefix(scheme_end + 3);
  text = text.substr(0, text.find('#'));
  const size_t path_begin = text.find_first_of("/?");
  const std::string authority = lowered(text.substr(0, path_begin));
  url.target = path_begin == std::string_view::npos ? "/" : std::string(text.substr(path_begin));
  if (url.target.front() == '?') {
    url.target = '/' + url.target;
  }
  const size_t colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  url.host = authority.substr(0, colon);
  const std::optional<uint16_t> port =
      colon == std::string::npos ? own_port(url.scheme) : parse_port(std::string_view(authority).substr(colon + 1));
  if ((url.scheme != "http" && url.scheme != "https") || !is_host(url.host) || !is_target(url.target) || !port) {
    return std::nullopt;
  }
  url.port = *port;
  return url;
}

std::optional<Url> resolve(const Url& base, std::string_view reference) {
  if (reference.empty() || reference.size() > longest) {
    return std::nullopt;
  }
  if (reference.starts_with("//")) {
    return parse_url(fmt::format("{}:{}", base.scheme, reference));
  }
  const size_t mark = reference.find_first_of("/?#:");
  if (mark != std::string_view::npos && reference[mark] == ':') {
    return parse_url(reference);
  }
  std::string target(reference.substr(0, reference.find('#')));
  if (target.starts_with('?')) {
    target.insert(0, base.target.substr(0, base.target.find('?')));
  } else if (!target.starts_with('/')) {
    target.insert(0, folder_of(base.target));
  }
  return parse_url(origin_of(base) + target);
}

std::string origin_of(const Url& url) {
  return url.port == own_port(url.scheme) ? fmt::format("{}://{}", url.scheme, url.host)
                                          : fmt::format("{}://{}:{}", url.scheme, url.host, url.port);
}

std::string to_text(const Url& url) { return origin_of(url) + url.target; }

bool same_origin(const Url& left, const Url& right) {
  return left.scheme == right.scheme && left.host == right.host && left.port == right.port;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = is_one_of(c, "-._~") || (c >= 'A' && c <= 'Z');
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace spiritsafe
