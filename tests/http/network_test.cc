// SPDX-License-Identifier: Apache-2.0
// TLS with an authority of one's own, and proxies.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include "adapters/http/client.h"
#include "tests/http/server.h"

namespace spiritsafe::tests {
namespace {

const Request get{"GET", "/a", {}, "", false};
const Request post{"POST", "/runs", {}, R"({"name": "x"})", false};
const std::string fine = answer("200 OK", "fine");

std::string joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

// An authority, and what it has signed for 127.0.0.1, for the name `platform.test`, and for a time that is over.
struct Authority {
  TemporaryFolder folder = {};

  Authority() {
    run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=Authority of a test' "
        "-keyout {0}/ca.key -out {0}/ca.pem");
    sign("address", "IP:127.0.0.1", 2);
    sign("name", "DNS:platform.test", 2);
    sign("over", "IP:127.0.0.1", -1);
  }

  void sign(const std::string& name, const std::string& whose, int days) const {
    run(
        fmt::format("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x -addext subjectAltName={} "
                    "-keyout {{0}}/{}.key -out {{0}}/{}.csr",
                    whose, name, name));
    run(
        fmt::format("x509 -req -in {{0}}/{0}.csr -CA {{0}}/ca.pem -CAkey {{0}}/ca.key -CAcreateserial -copy_extensions "
                    "copy -days {1} -out {{0}}/{0}.crt",
                    name, days));
    BOOST_REQUIRE(
        std::system(fmt::format("cat {0}/{1}.crt {0}/{1}.key >{0}/{1}.pem", folder.path("."), name).c_str()) == 0);
  }

  void run(const std::string& arguments) const {
    const std::string command =
        "openssl " + fmt::format(fmt::runtime(arguments), folder.path(".")) + " >" + folder.path("log") + " 2>&1";
    BOOST_REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
  }

  std::string file(const std::string& name) const { return folder.path(name + ".pem"); }
};

const Authority& authority() {
  static const Authority made;
  return made;
}

std::string with_s(std::string address) { return address.replace(0, 5, "https:"); }

// Trusts what a process with this --ca-file and SSL_CERT_FILE would.
ClientSettings trusting(ClientSettings settings, const std::string& ca_file, const std::string& variable = {}) {
  const auto certificates = read_certificates(
      ca_file, [&](std::string_view name) { return name == "SSL_CERT_FILE" ? variable : std::string(); });
  BOOST_REQUIRE(certificates);
  settings.certificates = certificates->pem;
  return settings;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(network)

BOOST_AUTO_TEST_CASE(an_authority_of_ones_own_is_trusted_when_it_is_named) {
  for (const bool by_option : {true, false}) {
    const Server server({fine, fine}, {"--tls", authority().file("address")});
    Journal journal;
    const ClientSettings settings = settings_for(with_s(server.address()), journal);
    const std::string ca = authority().file("ca");
    BOOST_TEST(sent(by_option ? trusting(settings, ca) : trusting(settings, "", ca), post, server) == "200 fine");
    BOOST_TEST(joined(server.requests()) == "POST /runs");
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_to_whom_is_not_trusted) {
  const std::string hint =
      "    = where an authority of your own has signed it, give its certificate by --ca-file FILE or SSL_CERT_FILE\n";
  const struct {
    std::string certificate;
    bool known;
    std::string why;
  } cases[] = {
      {"address", false, "SSL certificate problem: unable to get local issuer certificate"},
      {"name", true, "SSL: no alternative certificate subject name matches target host name '127.0.0.1'"},
      {"over", true, "SSL certificate problem: certificate has expired"},
  };
  for (const auto& each : cases) {
    const Server server({fine}, {"--tls", authority().file(each.certificate)});
    Journal journal;
    const ClientSettings settings = settings_for(with_s(server.address()), journal);
    BOOST_TEST(sent(trusting(settings, each.known ? authority().file("ca") : ""), post, server) ==
               "POST https://127.0.0.1:PORT/runs: error: its certificate is not trusted: " + each.why + "\n" + hint);
    BOOST_TEST(server.log() == "");
    BOOST_TEST(joined(journal.waits) == "");
  }
}

BOOST_AUTO_TEST_CASE(certificates_that_are_broken_are_told) {
  const Server server({fine}, {"--tls", authority().file("address")});
  Journal journal;
  ClientSettings settings = settings_for(with_s(server.address()), journal);
  settings.certificates = "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n";
  BOOST_TEST(sent(settings, get, server) ==
             "GET https://127.0.0.1:PORT/a: error: the trusted certificates cannot be used: error importing CA "
             "certificate blob\n"
             "    = look at the files of --ca-file and SSL_CERT_FILE: only PEM certificates belong into them\n");
}

BOOST_AUTO_TEST_CASE(a_server_without_tls_is_told) {
  const Server server({"!close", "!close"});
  Journal journal;
  ClientSettings settings = trusting(settings_for(with_s(server.address()), journal), authority().file("ca"));
  settings.limits.whole = std::chrono::milliseconds(300);
  settings.attempts = 2;
  BOOST_TEST(sent(settings, get, server) ==
             "GET https://127.0.0.1:PORT/a: error: no whole answer within 0.3 s (2 attempts)\n"
             "    = run again; where it stays so, ask whoever runs the platform\n");
}

BOOST_AUTO_TEST_CASE(a_proxy_stands_between_and_sees_no_token_of_https) {
  const Server server({fine, fine}, {"--tls", authority().file("name")});
  const Server proxy({}, {"--proxy"});
  Journal journal;
  ClientSettings settings =
      trusting(settings_for(fmt::format("https://platform.test:{}", server.port()), journal), authority().file("ca"));
  settings.proxies.https = fmt::format("http://user:pass%40word@127.0.0.1:{}", proxy.port());
  BOOST_TEST(sent(settings, post, server) == "200 fine");
  BOOST_TEST(joined(server.requests()) == "POST /runs");
  BOOST_TEST(server.log().find("Authorization: Bearer " + token) != std::string::npos);
  BOOST_TEST(server.log().find("Proxy-Authorization") == std::string::npos);
  BOOST_TEST(proxy.log() == fmt::format("CONNECT platform.test:{0} HTTP/1.1\n"
                                        "Host: platform.test:{0}\n"
                                        "Proxy-Authorization: Basic dXNlcjpwYXNzQHdvcmQ=\n"
                                        "Proxy-Connection: Keep-Alive\n"
                                        "\n"
                                        "\n"
                                        "====\n",
                                        server.port()));
}

BOOST_AUTO_TEST_CASE(a_proxy_is_used_for_http_and_left_out_where_no_proxy_says_so) {
  const Server server({fine, fine});
  const Server proxy({}, {"--proxy"});
  Journal journal;
  ClientSettings settings = settings_for(server.address(), journal);
  settings.proxies.http = proxy.address();
  BOOST_TEST(sent(settings, get, server) == "200 fine");
  BOOST_TEST(joined(proxy.requests()) == fmt::format("GET http://127.0.0.1:{}/a", server.port()));
  settings.proxies.none_for = "example.org,127.0.0.1";
  BOOST_TEST(sent(settings, get, server) == "200 fine");
  BOOST_TEST(proxy.requests().size() == 1u);
  BOOST_TEST(joined(server.requests()) == "GET /a, GET /a");
}

BOOST_AUTO_TEST_CASE(the_environment_of_the_process_decides_nothing) {
  const Server server({fine});
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  Journal journal;
  const std::string text = sent(settings_for(server.address(), journal), get, server);
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  BOOST_TEST(text == "200 fine");
}

BOOST_AUTO_TEST_CASE(a_proxy_that_refuses_is_told_without_its_password) {
  const Server server({fine}, {"--tls", authority().file("name")});
  const Server proxy({answer("403 Forbidden\nConnection: close", "pass@word"), answer("407 Who\nConnection: close")},
                     {"--proxy"});
  Journal journal;
  ClientSettings settings =
      trusting(settings_for(fmt::format("https://platform.test:{}", server.port()), journal), authority().file("ca"));
  settings.proxies.https = fmt::format("http://user:pass%40word@127.0.0.1:{}", proxy.port());
  for (const std::string status : {"403", "407"}) {
    BOOST_TEST(sent(settings, post, server) ==
               "POST https://platform.test:PORT/runs: error: the proxy does not let it through: CONNECT tunnel failed, "
               "response " +
                   status + "\n    = let the proxy allow platform.test port PORT, or name the host in NO_PROXY\n");
  }
  BOOST_TEST(server.log() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
