// SPDX-License-Identifier: Apache-2.0
#include "adapters/github/contents.h"

#include <fmt/format.h>

#include "adapters/github/answers.h"
#include "adapters/http/url.h"

namespace spiritsafe::github {
namespace {

// -1: none.
int value_of(char c) {
  return c >= 'A' && c <= 'Z'   ? c - 'A'
         : c >= 'a' && c <= 'z' ? c - 'a' + 26
         : c >= '0' && c <= '9' ? c - '0' + 52
         : c == '+'             ? 62
         : c == '/'             ? 63
                                : -1;
}

// Base64 in lines, as GitHub writes it.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      continue;
    }
    if (text[i] == '=') {
      return text.find_first_not_of("=\n", i) == std::string_view::npos ? std::optional(std::move(out)) : std::nullopt;
    }
    const int value = value_of(text[i]);
    if (value < 0) {
      return std::nullopt;
    }
    bits = (bits << 6 | static_cast<uint32_t>(value)) & 0xFFFFu;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFFu);
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> read_content(const Send& send, const Context& context, const std::string& path,
                                        const std::string& commit) {
  const Result<Response> response = send(
      {"GET",
       fmt::format("/repos/{}/contents/{}?ref={}", context.repository, percent_encoded(path), percent_encoded(commit)),
       {},
       "",
       false});
  if (!response || !is_success(*response)) {
    return std::nullopt;
  }
  const nlohmann::json json = nlohmann::json::parse(response->body, nullptr, false);
  // Of a large file there is no content, and its encoding is `none`.
  return text_at(json, {"encoding"}) == "base64" ? decoded(text_at(json, {"content"})) : std::nullopt;
}

}  // namespace spiritsafe::github
