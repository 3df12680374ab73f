// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/client.h"

#include <algorithm>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "adapters/http/rate_limit.h"
#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Fault = Transfer::Fault;

constexpr int most_redirects = 5;
// Shorter ones occur in any text, so that they could not be kept out of one.
constexpr size_t shortest_token = 8;

Error error_of(const Request& request, const Url& url, std::string message, std::vector<std::string> hints) {
  Error error;
  error.path = fmt::format("{} {}", request.method, to_text(url));
  error.message = std::move(message);
  error.hints = std::move(hints);
  return error;
}

tl::unexpected<Errors> fail(Error error) { return tl::unexpected(Errors{std::move(error)}); }

int64_t whole_seconds(milliseconds time) { return std::chrono::ceil<seconds>(time).count(); }

std::string show_seconds(milliseconds time) { return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000); }

// It may be gone the next time.
bool is_passing(Fault fault) {
  return fault == Fault::not_resolved || fault == Fault::refused || fault == Fault::not_connected ||
         fault == Fault::too_late || fault == Fault::broken;
}

bool is_passing(int status) { return status == 500 || status == 502 || status == 503 || status == 504; }

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// With these a client would send a GET, and what was to be written would be lost without a word.
bool loses_body(int status) { return status == 301 || status == 302 || status == 303; }

milliseconds pause_after(int attempt) { return seconds(1 << std::clamp(attempt - 1, 0, 5)); }

std::string message_of(const Transfer& transfer, const TransferLimits& limits) {
  switch (transfer.fault) {
    case Fault::none:
      break;
    case Fault::refused:
      return "the connection is refused";
    case Fault::not_resolved:
    case Fault::not_connected:
      return fmt::format("no connection can be made: {}", transfer.detail);
    case Fault::untrusted:
      return fmt::format("its certificate is not trusted: {}", transfer.detail);
    case Fault::bad_certificates:
      return fmt::format("the trusted certificates cannot be used: {}", transfer.detail);
    case Fault::proxy:
      return fmt::format("the proxy does not let it through: {}", transfer.detail);
    case Fault::too_late:
      return fmt::format("no whole answer within {}", show_seconds(limits.whole));
    case Fault::broken:
      return "the connection ended before the answer did";
    case Fault::too_large:
      return fmt::format("the answer is larger than the {} bytes (headers: {}) that are read", limits.largest_body,
                         limits.largest_headers);
    case Fault::compressed:
      return "the answer is compressed, which was not asked for";
    case Fault::other:
      return transfer.detail;
  }
  return {};
}

std::string hint_of(Fault fault, const Url& url) {
  switch (fault) {
    case Fault::refused:
    case Fault::not_resolved:
    case Fault::not_connected:
      return fmt::format("expected a server at {} port {}; where only a proxy leads there, set {}", url.host, url.port,
                         url.scheme == "https" ? "HTTPS_PROXY" : "http_proxy");
    case Fault::untrusted:
      return "where an authority of your own has signed it, give its certificate by --ca-file FILE or SSL_CERT_FILE";
    case Fault::bad_certificates:
      return "look at the files of --ca-file and SSL_CERT_FILE: only PEM certificates belong into them";
    case Fault::proxy:
      return fmt::format("let the proxy allow {} port {}, or name the host in NO_PROXY", url.host, url.port);
    case Fault::compressed:
    case Fault::too_large:
      return "expected the platform's own answer; look at what stands between here and there";
    case Fault::none:
    case Fault::too_late:
    case Fault::broken:
    case Fault::other:
      break;
  }
  return "run again; where it stays so, ask whoever runs the platform";
}

Error failure(const Request& request, const Url& url, const Transfer& transfer, const TransferLimits& limits,
              int attempts) {
  std::string message = message_of(transfer, limits);
  if (attempts > 1) {
    message += fmt::format(" ({} attempts)", attempts);
  }
  std::vector<std::string> hints = {hint_of(transfer.fault, url)};
  if (!may_repeat(request) && transfer.sent && is_passing(transfer.fault)) {
    hints.insert(hints.begin(), "whether it had its effect is not known, so it was not sent again");
  }
  return error_of(request, url, std::move(message), std::move(hints));
}

void replace_all(std::string& text, std::string_view old, std::string_view with) {
  for (size_t at = text.find(old); at != std::string::npos; at = text.find(old, at + with.size())) {
    text.replace(at, old.size(), with);
  }
}

// Where a redirect leads to, if it may be followed.
Result<Url> follow(const Url& from, const Request& request, const Response& response) {
  const std::string_view location = header_of(response, "location");
  const std::optional<Url> to = resolve(from, location);
  const std::string shown = shortened(printable(location), 200);
  if (!to) {
    return fail(error_of(request, from,
                         fmt::format("status {} leads to `{}`, which is no address", response.status, shown),
                         {"expected a Location of http or https"}));
  }
  if (!same_origin(from, *to)) {
    return fail(error_of(request, from,
                         fmt::format("status {} leads to another origin, `{}`; it is not followed, because the token "
                                     "belongs to {}",
                                     response.status, origin_of(*to), origin_of(from)),
                         {"where the platform has moved, set its new address"}));
  }
  if (is_write(request) && loses_body(response.status)) {
    return fail(error_of(
        request, from,
        fmt::format("status {} leads to `{}`; what is to be written would be lost on the way", response.status, shown),
        {"set the platform's present address, and the repository's present name"}));
  }
  return *to;
}

}  // namespace

Clock system_clock() {
  return {[] { return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()); },
          [](milliseconds time) { std::this_thread::sleep_for(time); }};
}

Result<Client> Client::open(ClientSettings settings) {
  Error error;
  const std::optional<Url> address = parse_url(settings.address);
  if (!address || address->target.find('?') != std::string::npos) {
    // A user name would come with a password.
    error.message = settings.address.find('@') != std::string::npos
                        ? "the address of a platform cannot hold a user name"
                        : fmt::format("`{}` is not the address of a platform", shortened(settings.address, 200));
    error.hints = {"expected one such as https://api.github.com or https://gitlab.example.org/api/v4"};
    return fail(std::move(error));
  }
  // A secret that was pasted with its line break.
  while (!settings.token.empty() && (settings.token.back() == '\n' || settings.token.back() == '\r')) {
    settings.token.pop_back();
  }
  const bool is_plain = std::ranges::all_of(settings.token, [](char c) { return c > ' ' && c < 0x7F; });
  if (!is_plain || (!settings.token.empty() && settings.token.size() < shortest_token)) {
    error.message = fmt::format("{} holds no token", settings.token_name);
    error.hints = {
        fmt::format("expected at least {} letters, digits and signs, without spaces and line breaks", shortest_token)};
    return fail(std::move(error));
  }
  if (std::string fault = sending_fault(); !fault.empty()) {
    error.message = std::move(fault);
    error.hints = {"without it everything works but publishing"};
    return fail(std::move(error));
  }
  if (!settings.clock.now) {
    settings.clock = system_clock();
  }
  return Client(std::move(settings), *address);
}

Client::Client(ClientSettings settings, Url address)
    : settings_(std::move(settings)),
      address_(std::move(address)),
      headers_(settings_.headers),
      connections_(settings_.certificates, settings_.proxies),
      start_(settings_.clock.now()) {
  if (address_.target.ends_with('/')) {
    address_.target.pop_back();
  }
  headers_.push_back({"User-Agent", settings_.user_agent});
  if (!settings_.token.empty()) {
    const bool bearer = settings_.token_header == "Authorization";
    headers_.push_back({settings_.token_header, (bearer ? "Bearer " : "") + settings_.token});
  }
}

Result<Url> Client::find_url(const Request& request) const {
  const bool is_path = request.url.starts_with('/');
  const std::optional<Url> url = parse_url(is_path ? origin_of(address_) + address_.target + request.url : request.url);
  if (url && same_origin(*url, address_)) {
    return *url;
  }
  Error error;
  error.path = fmt::format("{} {}", request.method, shortened(request.url, 200));
  error.message = url ? fmt::format("this is not at {}, the only place to which the token is sent", origin_of(address_))
                      : "this is no address: expected a path or URL with all but ASCII as %XX";
  error.hints = {"nothing was sent; please report this"};
  return fail(std::move(error));
}

milliseconds Client::time_left() const { return start_ + settings_.deadline - settings_.clock.now(); }

bool Client::wait(milliseconds time, const std::string& why) {
  if (time > settings_.longest_wait || time >= time_left()) {
    return false;
  }
  if (settings_.say) {
    settings_.say(fmt::format("waiting {}: {}", show_seconds(time), why));
  }
  settings_.clock.sleep(time);
  return true;
}

void Client::remove_secrets(Transfer& transfer) const {
  for (const std::string& password : passwords_of(settings_.proxies)) {
    replace_all(transfer.detail, password, "***");
  }
  if (settings_.token.empty()) {
    return;
  }
  replace_all(transfer.detail, settings_.token, "***");
  replace_all(transfer.response.body, settings_.token, "***");
  for (Header& header : transfer.response.headers) {
    replace_all(header.name, settings_.token, "***");
    replace_all(header.value, settings_.token, "***");
  }
}

Transfer Client::exchange(const Url& url, const Request& request) {
  if (is_write(request)) {
    const milliseconds early = last_write_ + settings_.between_writes - settings_.clock.now();
    if (has_written_ && early > milliseconds(0)) {
      settings_.clock.sleep(early);
    }
    if (settings_.say) {
      settings_.say(fmt::format("{} {}", request.method, to_text(url)));
    }
  }
  TransferLimits limits = settings_.limits;
  limits.whole = std::clamp(limits.whole, milliseconds(1), std::max(milliseconds(1), time_left()));
  Transfer transfer = connections_.exchange(url, request, headers_, limits);
  if (is_write(request)) {
    last_write_ = settings_.clock.now();
    has_written_ = true;
  }
  remove_secrets(transfer);
  return transfer;
}

Result<Response> Client::send_to(const Url& url, const Request& request) {
  int limited = 0;
  for (int attempt = 1;; ++attempt) {
    if (time_left() <= milliseconds(0)) {
      return fail(
          error_of(request, url,
                   fmt::format("not sent: the {} for all requests together are over", show_seconds(settings_.deadline)),
                   {"run again: what the platform has already is found there"}));
    }
    Transfer transfer = exchange(url, request);
    const bool is_last = attempt >= settings_.attempts;
    const Response& response = transfer.response;
    if (transfer.fault != Fault::none) {
      const bool again = is_passing(transfer.fault) && (may_repeat(request) || !transfer.sent) && !is_last;
      if (!again || !wait(pause_after(attempt), message_of(transfer, settings_.limits))) {
        return fail(failure(request, url, transfer, settings_.limits, attempt));
      }
    } else if (is_rate_limited(response)) {
      // It was turned away before it did anything, so that it may be sent again whatever it is.
      const milliseconds time = rate_limit_wait(response, limited++);
      if (is_last || !wait(time, fmt::format("{} limits how often it is asked (status {}){}", url.host, response.status,
                                             show_request_id(response)))) {
        return std::move(transfer.response);
      }
    } else if (is_passing(response.status) && may_repeat(request)) {
      const milliseconds time = std::max<milliseconds>(pause_after(attempt), retry_after(response));
      if (is_last || !wait(time, fmt::format("{} answers with status {}{}", url.host, response.status,
                                             show_request_id(response)))) {
        return std::move(transfer.response);
      }
    } else {
      return std::move(transfer.response);
    }
  }
}

Result<Response> Client::send(const Request& request) {
  Result<Url> url = find_url(request);
  if (!url) {
    return tl::unexpected(url.error());
  }
  for (int redirects = 0; redirects <= most_redirects; ++redirects) {
    Result<Response> response = send_to(*url, request);
    if (!response || !is_redirect(response->status)) {
      return response;
    }
    Result<Url> next = follow(*url, request, *response);
    if (!next) {
      return tl::unexpected(next.error());
    }
    url = std::move(next);
  }
  return fail(error_of(request, *url, fmt::format("more than {} redirects", most_redirects),
                       {"expected an answer after at most that many; ask whoever runs the platform"}));
}

Error refusal(const Request& request, const Response& response) {
  Error error;
  error.path = fmt::format("{} {}", request.method, response.url);
  error.message = fmt::format("status {}{}", response.status, show_request_id(response));
  const bool is_page = header_of(response, "content-type").starts_with("text/html") || response.body.starts_with('<');
  if (is_page) {
    error.message += ", with a page for people: something between here and the platform may have answered";
  } else if (!response.body.empty()) {
    error.message += ": " + shortened(printable(response.body), 300);
  }
  if (is_rate_limited(response)) {
    error.hints = {fmt::format("the platform limits how often it is asked; run again in {} s",
                               whole_seconds(rate_limit_wait(response, 0)))};
  } else if (response.status == 401) {
    error.hints = {"expected a token that is still valid"};
  } else if (response.status == 403 || response.status == 404) {
    error.hints = {"expected a token that may do this; look at its permissions"};
  } else if (response.status >= 500) {
    error.hints = {"this is the platform's own fault; run again"};
  } else {
    error.hints = {"expected a success; please report this"};
  }
  return error;
}

Result<Response> expect_success(const Request& request, Result<Response> response) {
  if (response && !is_success(*response)) {
    return fail(refusal(request, *response));
  }
  return response;
}

}  // namespace spiritsafe
