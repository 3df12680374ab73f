// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/transfer.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "adapters/http/library.h"

namespace spiritsafe {
namespace {

struct FreeCurl {
  void operator()(CURL* curl) const { curl_library().easy_cleanup(curl); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_library().slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

template <class Value>
void set(CURL* curl, CURLoption option, Value value) {
  curl_library().easy_setopt(curl, option, value);
}

void get(CURL* curl, CURLINFO info, long* value) { curl_library().easy_getinfo(curl, info, value); }

// What the callbacks fill.
struct Arrival {
  Response response = {};
  size_t header_bytes = 0;
  size_t largest_headers = 0;
  size_t largest_body = 0;
  bool too_large = false;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const size_t begin = text.find_first_not_of(blank);
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

size_t take_body(char* data, size_t, size_t count, void* to) {
  Arrival& arrival = *static_cast<Arrival*>(to);
  if (arrival.response.body.size() + count > arrival.largest_body) {
    arrival.too_large = true;
    return CURL_WRITEFUNC_ERROR;
  }
  arrival.response.body.append(data, count);
  return count;
}

// Each line of the heads that come: interim ones (100), the real one, trailers.
size_t take_header(char* data, size_t, size_t count, void* to) {
  Arrival& arrival = *static_cast<Arrival*>(to);
  const std::string_view line(data, count);
  arrival.header_bytes += count;
  if (arrival.header_bytes > arrival.largest_headers) {
    arrival.too_large = true;
    return 0;
  }
  const size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    arrival.response.headers.clear();
  } else if (colon != std::string_view::npos && colon > 0) {
    Header header{std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))};
    std::ranges::transform(header.name, header.name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    arrival.response.headers.push_back(std::move(header));
  }
  return count;
}

// A list whose nodes are copies; on failure the old list is kept by its owner.
void append(HeaderList& list, const std::string& line) {
  if (curl_slist* longer = curl_library().slist_append(list.get(), line.c_str())) {
    static_cast<void>(list.release());
    list.reset(longer);
  }
}

HeaderList list_headers(const Request& request, const std::vector<Header>& headers) {
  HeaderList list;
  // Waiting for a server's leave before a body costs a second where the server does not know of it.
  append(list, "Expect:");
  if (!request.body.empty()) {
    append(list, "Content-Type: application/json");
  } else if (is_write(request)) {
    append(list, "Content-Type:");
  }
  for (const auto* group : {&headers, &request.headers}) {
    for (const Header& header : *group) {
      append(list, fmt::format("{}: {}", header.name, header.value));
    }
  }
  return list;
}

void set_method(CURL* curl, const Request& request) {
  if (request.method == "HEAD") {
    set(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method == "POST" || request.method == "PATCH" || request.method == "PUT") {
    set(curl, CURLOPT_POST, 1L);
    set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    set(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  } else {
    set(curl, CURLOPT_HTTPGET, 1L);
    set(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void set_certificates(CURL* curl, std::string& pem) {
  if (!pem.empty()) {
    curl_blob blob{pem.data(), pem.size(), CURL_BLOB_NOCOPY};
    set(curl, CURLOPT_CAINFO_BLOB, &blob);
    set(curl, CURLOPT_PROXY_CAINFO_BLOB, &blob);
  }
}

bool is_compressed(const Response& response) {
  const std::string_view encoding = header_of(response, "content-encoding");
  return !encoding.empty() && encoding != "identity";
}

Transfer::Fault fault_of(CURL* curl, CURLcode code, const Arrival& arrival) {
  using enum Transfer::Fault;
  if (arrival.too_large) {
    return too_large;
  }
  long error_number = 0, proxy_status = 0;
  get(curl, CURLINFO_OS_ERRNO, &error_number);
  get(curl, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  if (code != CURLE_OK && proxy_status >= 300) {
    return proxy;
  }
  switch (code) {
    case CURLE_OK:
      return is_compressed(arrival.response) ? compressed : none;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return not_resolved;
    case CURLE_COULDNT_CONNECT:
      return error_number == ECONNREFUSED ? refused : not_connected;
    case CURLE_OUT_OF_MEMORY:  // so libcurl calls a line of more than 100 KiB
      return too_large;
    case CURLE_PEER_FAILED_VERIFICATION:
      return untrusted;
    case CURLE_SSL_CACERT_BADFILE:
      return bad_certificates;
    case CURLE_PROXY:
      return proxy;
    case CURLE_OPERATION_TIMEDOUT:
      return too_late;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
      return broken;
    default:
      return other;
  }
}

}  // namespace

std::string sending_fault() { return curl_library().fault; }

struct Connections::Handle {
  std::unique_ptr<CURL, FreeCurl> curl = {};
  std::string certificates = {};
  Proxies proxies = {};
};

Connections::Connections(std::string certificates, Proxies proxies) : handle_(std::make_unique<Handle>()) {
  handle_->curl.reset(curl_library().fault.empty() ? curl_library().easy_init() : nullptr);
  handle_->certificates = std::move(certificates);
  handle_->proxies = std::move(proxies);
}
Connections::Connections(Connections&&) noexcept = default;
Connections& Connections::operator=(Connections&&) noexcept = default;
Connections::~Connections() = default;

Transfer Connections::exchange(const Url& url, const Request& request, const std::vector<Header>& headers,
                               const TransferLimits& limits) {
  Transfer transfer;
  CURL* curl = handle_->curl.get();
  if (!curl) {
    transfer.fault = Transfer::Fault::other;
    transfer.detail = "libcurl cannot be used";
    return transfer;
  }
  Arrival arrival;
  arrival.largest_headers = limits.largest_headers;
  arrival.largest_body = limits.largest_body;
  std::array<char, CURL_ERROR_SIZE> detail{};
  const HeaderList list = list_headers(request, headers);
  const std::string address = to_text(url);
  const std::string& proxy = url.scheme == "https" ? handle_->proxies.https : handle_->proxies.http;

  curl_library().easy_reset(curl);
  set(curl, CURLOPT_ERRORBUFFER, detail.data());
  set(curl, CURLOPT_URL, address.c_str());
  set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(curl, CURLOPT_PATH_AS_IS, 1L);
  set_method(curl, request);
  set(curl, CURLOPT_HTTPHEADER, list.get());
  set_certificates(curl, handle_->certificates);
  // Set even where it is empty, or libcurl would read the environment.
  set(curl, CURLOPT_PROXY, proxy.c_str());
  set(curl, CURLOPT_NOPROXY, handle_->proxies.none_for.c_str());
  set(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  // 0 would be no deadline at all.
  set(curl, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(limits.whole.count())));
  set(curl, CURLOPT_WRITEFUNCTION, take_body);
  set(curl, CURLOPT_WRITEDATA, &arrival);
  set(curl, CURLOPT_HEADERFUNCTION, take_header);
  set(curl, CURLOPT_HEADERDATA, &arrival);
  // Where a connection that was kept open turns out to be closed, libcurl sends the request again on a new one, though
  // the first may have had its effect.
  set(curl, CURLOPT_FRESH_CONNECT, may_repeat(request) ? 0L : 1L);

  const CURLcode code = curl_library().easy_perform(curl);
  long status = 0, request_bytes = 0;
  get(curl, CURLINFO_RESPONSE_CODE, &status);
  get(curl, CURLINFO_REQUEST_SIZE, &request_bytes);
  transfer.fault = fault_of(curl, code, arrival);
  transfer.sent = request_bytes > 0 || status != 0;
  if (transfer.fault == Transfer::Fault::none) {
    transfer.response = std::move(arrival.response);
    transfer.response.status = static_cast<int>(status);
    transfer.response.url = address;
  } else {
    transfer.detail = detail[0] != '\0' ? detail.data() : curl_library().easy_strerror(code);
  }
  // The options point to what ends with this call.
  curl_library().easy_reset(curl);
  return transfer;
}

}  // namespace spiritsafe
