// SPDX-License-Identifier: Apache-2.0
// What needs no server: addresses, limits, pages, certificates, proxies.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <map>

#include "adapters/http/client.h"
#include "adapters/http/pages.h"
#include "adapters/http/rate_limit.h"
#include "adapters/http/surroundings.h"
#include "adapters/http/url.h"
#include "tests/http/server.h"

namespace spiritsafe::tests {
namespace {

ReadVariable variables_of(const std::map<std::string, std::string>& variables) {
  return [variables](std::string_view name) {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::string() : found->second;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(an_address_has_one_reading_or_none) {
  const struct {
    std::string text, expected;
  } cases[] = {
      {"https://api.github.com", "https://api.github.com/"},
      {"HTTPS://API.GitHub.com:443/A?b#c", "https://api.github.com/A?b"},
      {"http://h:80", "http://h/"},
      {"http://h:8080/api/v3/", "http://h:8080/api/v3/"},
      {"https://[::1]:8443/x", "https://[::1]:8443/x"},
      {"https://h?q=1", "https://h/?q=1"},
      {"ftp://h/", "none"},
      {"file:///etc/passwd", "none"},
      {"//h/", "none"},
      {"/path", "none"},
      {"", "none"},
      {"https://", "none"},
      {"https://user@h/", "none"},
      {"https://a:b@h/", "none"},
      {"https://h\\@evil/", "none"},
      {"https://evil#@h/", "https://evil/"},
      {"https://h:0/", "none"},
      {"https://h:65536/", "none"},
      {"https://h:/", "none"},
      {"https://h:8 /", "none"},
      {"https://h/a b", "none"},
      {"https://h/\xC3\xA9", "none"},
      {"https://h\xC3\xA9/", "none"},
      {"https://-h/", "none"},
      {"https://h/\r\nX: y", "none"},
      {"https://h/" + std::string(9000, 'a'), "none"},
  };
  for (const auto& each : cases) {
    const auto url = parse_url(each.text);
    BOOST_TEST_CONTEXT(each.text.substr(0, 100)) { BOOST_TEST((url ? to_text(*url) : "none") == each.expected); }
  }
}

BOOST_AUTO_TEST_CASE(a_reference_is_read_from_where_it_stands) {
  const auto base = parse_url("https://h:8443/a/b?c=d");
  BOOST_REQUIRE(base);
  const struct {
    std::string reference, expected;
  } cases[] = {
      {"/x", "https://h:8443/x"},
      {"x", "https://h:8443/a/x"},
      {"?page=2", "https://h:8443/a/b?page=2"},
      {"//evil/x", "https://evil/x"},
      {"https://evil", "https://evil/"},
      {"http://h:8443/x", "http://h:8443/x"},
      {"javascript:alert(1)", "none"},
      {"\\\\evil\\x", "none"},
      {"/\\evil", "none"},
      {"", "none"},
      {"x y", "none"},
  };
  for (const auto& each : cases) {
    const auto url = resolve(*base, each.reference);
    BOOST_TEST_CONTEXT(each.reference) { BOOST_TEST((url ? to_text(*url) : "none") == each.expected); }
  }
  BOOST_TEST(percent_encoded("a b/ä~.-_?Z9") == "a%20b%2F%C3%A4~.-_%3FZ9");
}

BOOST_AUTO_TEST_CASE(a_limit_says_how_long_to_wait) {
  const Header date{"date", "Sun, 06 Nov 1994 08:49:37 GMT"};  // 784111777
  const struct {
    int status;
    std::vector<Header> headers;
    std::string body;
    int earlier;
    std::string expected;
  } cases[] = {
      {200, {{"x-ratelimit-remaining", "0"}}, "", 0, "no limit"},
      {403, {}, R"({"message": "Resource not accessible by integration"})", 0, "no limit"},
      {403, {{"x-ratelimit-remaining", "4999"}}, "", 0, "no limit"},
      {403, {{"retry-after", "-1"}}, "", 0, "no limit"},
      {429, {}, "", 0, "60 s"},
      {429, {}, "", 1, "120 s"},
      {429, {}, "", 2, "240 s"},
      {429, {}, "", 1000000, "61440 s"},
      {429, {{"retry-after", "5"}}, "", 3, "5 s"},
      {429, {{"retry-after", "0"}}, "", 0, "60 s"},
      {429, {{"retry-after", "soon"}}, "", 0, "60 s"},
      {429, {{"retry-after", "99999999999999999999999"}}, "", 0, "1000000000000 s"},
      {429, {date, {"retry-after", "Sun, 06 Nov 1994 08:51:07 GMT"}}, "", 0, "90 s"},
      {429, {date, {"retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"}}, "", 0, "60 s"},
      {429, {{"retry-after", "Sun, 06 Nov 1994 08:51:07 GMT"}}, "", 0, "60 s"},
      {403, {}, R"({"message": "You have exceeded a secondary rate limit."})", 0, "60 s"},
      {403, {}, R"({"message": "You have triggered an Abuse Detection mechanism"})", 1, "120 s"},
      {403, {date, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "784111977"}}, "", 0, "201 s"},
      {403, {date, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "784111779"}}, "", 0, "60 s"},
      {403, {date, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "784111000"}}, "", 1, "120 s"},
      {403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "784111977"}}, "", 0, "60 s"},
      {429, {date, {"ratelimit-remaining", "0"}, {"ratelimit-reset", "784111877"}}, "", 0, "101 s"},
  };
  for (const auto& each : cases) {
    const Response response{each.status, each.headers, each.body, ""};
    const std::string shown =
        is_rate_limited(response) ? fmt::format("{} s", rate_limit_wait(response, each.earlier).count()) : "no limit";
    BOOST_TEST_CONTEXT(each.status << " " << each.body) { BOOST_TEST(shown == each.expected); }
  }
}

BOOST_AUTO_TEST_CASE(the_next_page_is_the_link_that_says_so) {
  const struct {
    std::string link, expected;
  } cases[] = {
      {R"(<https://h/a?page=2>; rel="next", <https://h/a?page=9>; rel="last")", "https://h/a?page=2"},
      {R"(<https://h/a?page=1>; rel="prev", <https://h/a?page=3>; rel="next")", "https://h/a?page=3"},
      {R"(<https://h/a,b;c>; title="x"; rel=next)", "https://h/a,b;c"},
      {R"(<https://h/a>; rel="prev next")", "https://h/a"},
      {R"(<https://h/a>; rel="last")", "none"},
      {R"(<https://h/a>; rel="nextish")", "none"},
      {R"(<https://h/a>)", "none"},
      {R"(https://h/a; rel="next")", "none"},
      {R"(<https://h/a; rel="next")", "none"},
      {"<<<<>>>;,;,rel", "none"},
      {"", "none"},
  };
  for (const auto& each : cases) {
    BOOST_TEST_CONTEXT(each.link) {
      BOOST_TEST(next_link({200, {{"x", "y"}, {"link", each.link}}, "", ""}).value_or("none") == each.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(proxies_are_read_as_curl_reads_them) {
  const auto shown = [](const std::map<std::string, std::string>& variables) {
    const Proxies proxies = read_proxies(variables_of(variables));
    return fmt::format("{}|{}|{}|{}", proxies.http, proxies.https, proxies.none_for,
                       fmt::join(passwords_of(proxies), " "));
  };
  BOOST_TEST(shown({}) == "|||");
  BOOST_TEST(shown({{"HTTP_PROXY", "http://cgi"}, {"HTTPS_PROXY", "http://p:3128"}, {"NO_PROXY", "a,b"}}) ==
             "|http://p:3128|a,b|");
  BOOST_TEST(shown({{"http_proxy", "a"}, {"https_proxy", "b"}, {"HTTPS_PROXY", "c"}, {"no_proxy", "d"}}) == "a|b|d|");
  BOOST_TEST(shown({{"ALL_PROXY", "socks5h://u:p%40ss@h:1"}}) ==
             "socks5h://u:p%40ss@h:1|socks5h://u:p%40ss@h:1||p%40ss p@ss p%40ss p@ss");
}

BOOST_AUTO_TEST_CASE(certificates_are_added_to_those_of_the_system) {
  const TemporaryFolder folder;
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder.path(name)) << text;
    return folder.path(name);
  };
  const std::string one = write("one.pem", "-----BEGIN CERTIFICATE-----\none\n-----END CERTIFICATE-----");
  const std::string two = write("two.pem", "-----BEGIN CERTIFICATE-----\ntwo\n-----END CERTIFICATE-----\n");
  const std::string none = write("none.pem", "-----BEGIN PRIVATE KEY-----\n");
  const auto system = read_certificates("", variables_of({}));
  BOOST_REQUIRE(system);
  const auto all = read_certificates(
      one, variables_of({{"SSL_CERT_FILE", two}, {"CURL_CA_BUNDLE", one}, {"REQUESTS_CA_BUNDLE", none}}));
  BOOST_REQUIRE(all);
  BOOST_TEST(all->pem == system->pem +
                             "-----BEGIN CERTIFICATE-----\none\n-----END CERTIFICATE-----\n"
                             "-----BEGIN CERTIFICATE-----\ntwo\n-----END CERTIFICATE-----\n\n");
  BOOST_TEST(fmt::format("{}", fmt::join(all->notes, "\n")) ==
             "REQUESTS_CA_BUNDLE names `" + none + "`, from which no certificates can be read; it is not used");
  for (const std::string& path : {none, folder.path("missing"), folder.path("")}) {
    const auto failed = read_certificates(path, variables_of({}));
    BOOST_REQUIRE(!failed);
    BOOST_TEST(
        format_errors(failed.error()) ==
        path +
            ": error: no certificates can be read from this file\n"
            "    = --ca-file expects a file of PEM certificates (-----BEGIN CERTIFICATE-----), at most 16 MiB\n");
  }
}

BOOST_AUTO_TEST_CASE(a_client_opens_only_with_an_address_and_a_token) {
  const auto opened = [](const std::string& address, const std::string& secret) {
    ClientSettings settings;
    settings.address = address;
    settings.token = secret;
    settings.token_name = "GITHUB_TOKEN";
    const auto client = Client::open(settings);
    return client ? std::string("open") : format_errors(client.error());
  };
  const std::string no_token =
      "error: GITHUB_TOKEN holds no token\n"
      "    = expected at least 8 letters, digits and signs, without spaces and line breaks\n";
  BOOST_TEST(opened("https://h/api/v3", token) == "open");
  BOOST_TEST(opened("https://h/", token + "\r\n") == "open");
  BOOST_TEST(opened("https://h", "") == "open");
  BOOST_TEST(opened("https://h", "short") == no_token);
  BOOST_TEST(opened("https://h", token + "\nX-Evil: 1") == no_token);
  BOOST_TEST(opened("https://user:password@h", token) ==
             "error: the address of a platform cannot hold a user name\n"
             "    = expected one such as https://api.github.com or https://gitlab.example.org/api/v4\n");
  BOOST_TEST(opened("api.github.com", token) ==
             "error: `api.github.com` is not the address of a platform\n"
             "    = expected one such as https://api.github.com or https://gitlab.example.org/api/v4\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
