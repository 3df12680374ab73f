// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/surroundings.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include <fmt/format.h>

namespace spiritsafe {
namespace {

// Where distributions keep all of them in one file; the first that is there counts.
constexpr std::array<const char*, 5> system_files = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Alpine, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora
    "/etc/pki/tls/certs/ca-bundle.crt",                   // older Red Hat
    "/etc/ssl/ca-bundle.pem",                             // SUSE
    "/etc/ssl/cert.pem",                                  // macOS, BSD
};
constexpr std::array<const char*, 5> variables = {"CI_SERVER_TLS_CA_FILE", "SSL_CERT_FILE", "CURL_CA_BUNDLE",
                                                  "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"};
constexpr size_t largest_file = 16u << 20;

// The text of a regular file with at least one certificate.
std::optional<std::string> read_pem(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      static_cast<uint64_t>(status.st_size) > largest_file) {
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.find("-----BEGIN CERTIFICATE-----") == std::string::npos &&
      text.find("-----BEGIN TRUSTED CERTIFICATE-----") == std::string::npos) {
    return std::nullopt;
  }
  return text + "\n";
}

std::string first_of(const ReadVariable& environment, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (std::string value = environment(name); !value.empty()) {
      return value;
    }
  }
  return {};
}

int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Result<Certificates> read_certificates(const std::string& ca_file, const ReadVariable& environment) {
  Certificates certificates;
  std::vector<std::string> read;
  for (const char* path : system_files) {
    if (auto pem = read_pem(path)) {
      certificates.pem = std::move(*pem);
      read.emplace_back(path);
      break;
    }
  }
  if (!ca_file.empty()) {
    auto pem = read_pem(ca_file);
    if (!pem) {
      Error error;
      error.path = ca_file;
      error.message = "no certificates can be read from this file";
      error.hints = {"--ca-file expects a file of PEM certificates (-----BEGIN CERTIFICATE-----), at most 16 MiB"};
      return tl::unexpected(Errors{std::move(error)});
    }
    certificates.pem += *pem;
    read.push_back(ca_file);
  }
  for (const char* variable : variables) {
    const std::string path = environment(variable);
    if (path.empty() || std::ranges::find(read, path) != read.end()) {
      continue;
    }
    read.push_back(path);
    if (const auto pem = read_pem(path)) {
      certificates.pem += *pem;
    } else {
      certificates.notes.push_back(
          fmt::format("{} names `{}`, from which no certificates can be read; it is not used", variable, path));
    }
  }
  return certificates;
}

Proxies read_proxies(const ReadVariable& environment) {
  Proxies proxies;
  proxies.https = first_of(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  proxies.http = first_of(environment, {"http_proxy", "all_proxy", "ALL_PROXY"});
  proxies.none_for = first_of(environment, {"no_proxy", "NO_PROXY"});
  return proxies;
}

std::vector<std::string> passwords_of(const Proxies& proxies) {
  std::vector<std::string> passwords;
  for (const std::string_view proxy : {std::string_view(proxies.http), std::string_view(proxies.https)}) {
    const size_t at = proxy.rfind('@');
    const size_t scheme = proxy.find("://");
    const size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    const size_t colon = proxy.find(':', begin);
    if (at != std::string_view::npos && colon < at) {
      const std::string_view password = proxy.substr(colon + 1, at - colon - 1);
      passwords.emplace_back(password);
      passwords.push_back(percent_decoded(password));
    }
  }
  std::erase(passwords, "");
  return passwords;
}

}  // namespace spiritsafe
