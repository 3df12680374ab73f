// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/pages.h"

#include <set>

#include <fmt/format.h>

#include "adapters/http/client.h"
#include "adapters/http/url.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// `rel="next"`, `rel=next`, `REL="prev next"`.
bool says_next(std::string_view parameter) {
  const size_t equals = parameter.find('=');
  std::string_view name = trimmed(parameter.substr(0, equals));
  if (equals == std::string_view::npos || (name != "rel" && name != "REL" && name != "Rel")) {
    return false;
  }
  std::string_view value = trimmed(parameter.substr(equals + 1));
  if (value.size() > 1 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  while (!value.empty()) {
    const size_t end = std::min(value.find(' '), value.size());
    if (value.substr(0, end) == "next") {
      return true;
    }
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return false;
}

tl::unexpected<Errors> fail(const Response& page, std::string message, std::string hint) {
  Error error;
  error.path = "GET " + page.url;
  error.message = std::move(message);
  error.hints = {std::move(hint)};
  return tl::unexpected(Errors{std::move(error)});
}

}  // namespace

std::optional<std::string> next_link(const Response& response) {
  for (const Header& header : response.headers) {
    std::string_view rest = header.name == "link" ? std::string_view(header.value) : std::string_view{};
    while (!rest.empty()) {
      const size_t begin = rest.find('<');
      const size_t end = rest.find('>', begin == std::string_view::npos ? 0 : begin);
      if (begin == std::string_view::npos || end == std::string_view::npos) {
        break;
      }
      const std::string_view target = rest.substr(begin + 1, end - begin - 1);
      rest.remove_prefix(end + 1);
      // Its parameters reach to the next link.
      std::string_view parameters = rest.substr(0, rest.find('<'));
      rest.remove_prefix(parameters.size());
      parameters =
          parameters.substr(0, parameters.rfind(',') == std::string_view::npos || rest.empty() ? parameters.size()
                                                                                               : parameters.rfind(','));
      while (!parameters.empty()) {
        const size_t semicolon = std::min(parameters.find(';'), parameters.size());
        if (says_next(parameters.substr(0, semicolon))) {
          return std::string(target);
        }
        parameters.remove_prefix(std::min(semicolon + 1, parameters.size()));
      }
    }
  }
  return std::nullopt;
}

Result<std::vector<Response>> send_for_all_pages(const Send& send, Request request, const PageLimits& limits) {
  std::vector<Response> pages;
  std::set<std::string> seen;
  size_t bytes = 0;
  while (true) {
    Result<Response> response = expect_success(request, send(request));
    if (!response) {
      return tl::unexpected(response.error());
    }
    pages.push_back(std::move(*response));
    const Response& page = pages.back();
    bytes += page.body.size();
    seen.insert(page.url);
    const std::optional<std::string> link = next_link(page);
    if (!link) {
      return pages;
    }
    const std::optional<Url> from = parse_url(page.url);
    const std::optional<Url> next = from ? resolve(*from, *link) : std::nullopt;
    if (!next || !same_origin(*from, *next)) {
      return fail(page,
                  fmt::format("its next page is `{}`, which is not at {}; it is not fetched, because the token belongs "
                              "there",
                              shortened(printable(*link), 200), from ? origin_of(*from) : page.url),
                  "the platform must know the address by which it is reached (its external URL)");
    }
    request.url = to_text(*next);
    if (seen.contains(request.url)) {
      return fail(page, fmt::format("its next page is `{}`, which was there before", request.url),
                  "expected pages that come to an end");
    }
    if (pages.size() >= limits.pages || bytes > limits.bytes) {
      return fail(page, fmt::format("the list goes on after {} pages with {} bytes", pages.size(), bytes),
                  fmt::format("at most {} pages with {} bytes are read", limits.pages, limits.bytes));
    }
  }
}

}  // namespace spiritsafe
