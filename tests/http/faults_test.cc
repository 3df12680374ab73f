// SPDX-License-Identifier: Apache-2.0
// Each fault of a real server: what is sent, how often, after which waits, and the whole text of the error.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include "adapters/http/client.h"
#include "adapters/http/pages.h"
#include "tests/http/server.h"

namespace spiritsafe::tests {
namespace {

const Request get{"GET", "/a", {}, "", false};
const Request post{"POST", "/runs", {}, R"({"name": "x"})", false};
const Request patch{"PATCH", "/runs/1", {}, R"({"name": "x"})", false};
const Request put{"PUT", "/runs/1", {}, R"({"name": "x"})", false};
const Request repeatable{"PATCH", "/comments/1", {}, R"({"body": "x"})", true};

const std::string page = answer("502 Bad Gateway\nContent-Type: text/html", "<html><script>alert(1)</script></html>");
const std::string fine = answer("200 OK", "fine");
const std::string secondary =
    answer("403 Forbidden\nX-GitHub-Request-Id: AB:12", R"({"message": "You have exceeded a secondary rate limit"})");

// Hints that end many errors.
const std::string run_again = "    = run again; where it stays so, ask whoever runs the platform\n";
const std::string not_again = "    = whether it had its effect is not known, so it was not sent again\n";
const std::string look_between =
    "    = expected the platform's own answer; look at what stands between here and there\n";

std::string joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

struct Case {
  Request request = {};
  std::vector<std::string> steps = {};
  std::string expected = {};  // the answer or the error
  std::string requests = {};
  std::string waits = {};
};

void check(const Case& each) {
  const Server server(each.steps);
  Journal journal;
  BOOST_TEST_CONTEXT(each.request.method << " " << joined(each.steps).substr(0, 200)) {
    BOOST_TEST(sent(settings_for(server.address(), journal), each.request, server) == each.expected);
    BOOST_TEST(joined(server.requests()) == each.requests);
    BOOST_TEST(joined(journal.waits) == each.waits);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(a_request_is_sent_as_it_is_meant) {
  const Server server({answer("201 Created\nX-Thing:  yes ", R"({"id": 1})"), answer("204 No Content")});
  Journal journal;
  ClientSettings settings = settings_for(server.address() + "/api/v3/", journal);
  settings.headers = {{"Accept", "application/vnd.github+json, application/json"}};
  settings.user_agent = "spiritsafe/0.1.0";
  auto client = Client::open(settings);
  BOOST_REQUIRE(client);
  const auto response = client->send(post);
  BOOST_REQUIRE(response);
  BOOST_TEST(header_of(*response, "x-thing") == "yes");
  BOOST_TEST(response->url == server.address() + "/api/v3/runs");
  BOOST_TEST(show(client->send({"DELETE", server.address() + "/api/v3/labels/1?x=y", {}, "", false}), server) ==
             "204 ");
  BOOST_TEST(server.log() ==
             "POST /api/v3/runs HTTP/1.1\n"
             "Host: 127.0.0.1:PORT\n"
             "Content-Type: application/json\n"
             "Accept: application/vnd.github+json, application/json\n"
             "User-Agent: spiritsafe/0.1.0\n"
             "Authorization: Bearer " +
                 token +
                 "\n"
                 "Content-Length: 13\n"
                 "\n"
                 "{\"name\": \"x\"}\n"
                 "====\n"
                 "DELETE /api/v3/labels/1?x=y HTTP/1.1\n"
                 "Host: 127.0.0.1:PORT\n"
                 "Accept: application/vnd.github+json, application/json\n"
                 "User-Agent: spiritsafe/0.1.0\n"
                 "Authorization: Bearer " +
                 token +
                 "\n"
                 "\n"
                 "\n"
                 "====\n");
  BOOST_TEST(joined(journal.lines) ==
             "POST " + server.address() + "/api/v3/runs, DELETE " + server.address() + "/api/v3/labels/1?x=y");
}

BOOST_AUTO_TEST_CASE(what_cannot_have_had_an_effect_twice_is_sent_again) {
  const std::string four_gets = "GET /a, GET /a, GET /a, GET /a";
  const Case cases[] = {
      {get, {"!reset", fine}, "200 fine", "GET /a, GET /a", "1 s"},
      {get, {"!reset-early", fine}, "200 fine", "GET /a", "1 s"},
      {get, {"!close", fine}, "200 fine", "GET /a, GET /a", "1 s"},
      {get, {page, page, fine}, "200 fine", "GET /a, GET /a, GET /a", "1 s, 2 s"},
      {get, {answer("503 Busy\nRetry-After: 7"), fine}, "200 fine", "GET /a, GET /a", "7 s"},
      {put, {"!reset", fine}, "200 fine", "PUT /runs/1, PUT /runs/1", "1 s"},
      {repeatable, {"!reset", fine}, "200 fine", "PATCH /comments/1, PATCH /comments/1", "1 s"},
      {get,
       {"!reset", "!reset", "!reset", "!reset", fine},
       "GET http://127.0.0.1:PORT/a: error: the connection ended before the answer did (4 attempts)\n" + run_again,
       four_gets,
       "1 s, 2 s, 4 s"},
      {get,
       {"!close", answer("502 Bad Gateway\nConnection: close"), "!close", answer("500 Broken", "no"), fine},
       "500 no",
       four_gets,
       "1 s, 2 s, 4 s"},
  };
  for (const Case& each : cases) {
    check(each);
  }
}

BOOST_AUTO_TEST_CASE(what_may_have_had_its_effect_is_not_sent_again) {
  const std::string ended = ": error: the connection ended before the answer did\n" + not_again + run_again;
  const Case cases[] = {
      {post, {"!reset", fine}, "POST http://127.0.0.1:PORT/runs" + ended, "POST /runs", ""},
      {post, {"!close", fine}, "POST http://127.0.0.1:PORT/runs" + ended, "POST /runs", ""},
      {patch, {"!close", fine}, "PATCH http://127.0.0.1:PORT/runs/1" + ended, "PATCH /runs/1", ""},
      {post, {answer("500 Broken", "no"), fine}, "500 no", "POST /runs", ""},
      {post,
       {"HTTP/1.1 201 Created\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"id\": 1}", fine},
       "POST http://127.0.0.1:PORT/runs" + ended,
       "POST /runs",
       ""},
      {get,
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"id\": 1}", fine},
       "200 fine",
       "GET /a, GET /a",
       "1 s"},
      {post, {answer("422 Unprocessable", "bad line"), fine}, "422 bad line", "POST /runs", ""},
      {post,
       {answer("403 Forbidden", "Resource not accessible by integration"), fine},
       "403 Resource not accessible by integration",
       "POST /runs",
       ""},
  };
  for (const Case& each : cases) {
    check(each);
  }
}

// libcurl sends a request again where a kept connection ends without an answer. It has to be held from that.
BOOST_AUTO_TEST_CASE(a_kept_connection_that_ends_does_not_send_a_write_twice) {
  const Server server({fine, "!close", fine});
  Journal journal;
  auto client = Client::open(settings_for(server.address(), journal));
  BOOST_REQUIRE(client);
  BOOST_TEST(show(client->send(get), server) == "200 fine");
  BOOST_TEST(show(client->send(post), server) ==
             "POST http://127.0.0.1:PORT/runs: error: the connection ended before the answer did\n" + not_again +
                 run_again);
  BOOST_TEST(joined(server.requests()) == "GET /a, POST /runs");
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_tried_again_whatever_the_request) {
  std::string address;
  {
    const Server gone({});
    address = gone.address();
  }
  Journal journal;
  auto client = Client::open(settings_for(address, journal));
  BOOST_REQUIRE(client);
  const auto response = client->send(post);
  BOOST_REQUIRE(!response);
  const std::string port = address.substr(address.rfind(':') + 1);
  BOOST_TEST(format_errors(response.error()) ==
             "POST " + address +
                 "/runs: error: the connection is refused (4 attempts)\n    = expected a server at 127.0.0.1 port " +
                 port + "; where only a proxy leads there, set http_proxy\n");
  BOOST_TEST(joined(journal.waits) == "1 s, 2 s, 4 s");
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_told) {
  const Server server({});
  Journal journal;
  BOOST_TEST(sent(settings_for("http://spiritsafe.invalid:1", journal), get, server) ==
             "GET http://spiritsafe.invalid:1/a: error: no connection can be made: Could not resolve host: "
             "spiritsafe.invalid (4 attempts)\n"
             "    = expected a server at spiritsafe.invalid port 1; where only a proxy leads there, set http_proxy\n");
}

BOOST_AUTO_TEST_CASE(limits_are_waited_for_and_a_permission_is_not) {
  const Case cases[] = {
      {post, {secondary, fine}, "200 fine", "POST /runs, POST /runs", "60 s"},
      {post, {answer("429 Slow\nRetry-After: 3"), fine}, "200 fine", "POST /runs, POST /runs", "3 s"},
      {post, {secondary, secondary, fine}, "200 fine", "POST /runs, POST /runs, POST /runs", "60 s, 120 s"},
      // Longer than the longest wait: the answer is handed on instead.
      {post, {answer("429 Slow\nRetry-After: 301", "slow"), fine}, "429 slow", "POST /runs", ""},
      {get,
       {answer("403 Forbidden\nDate: Sun, 06 Nov 1994 08:49:37 GMT\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: "
               "784115377",
               "limit"),
        fine},
       "403 limit",
       "GET /a",
       ""},
  };
  for (const Case& each : cases) {
    check(each);
  }
}

BOOST_AUTO_TEST_CASE(a_wait_is_said_with_its_reason) {
  const Server server({secondary, page, fine});
  Journal journal;
  BOOST_TEST(sent(settings_for(server.address(), journal), get, server) == "200 fine");
  BOOST_TEST(fmt::format("{}", fmt::join(journal.lines, "\n")) ==
             "waiting 60 s: 127.0.0.1 limits how often it is asked (status 403) (request id AB:12)\n"
             "waiting 2 s: 127.0.0.1 answers with status 502");
}

BOOST_AUTO_TEST_CASE(all_requests_together_have_a_deadline) {
  const Server server({secondary, secondary, secondary, secondary});
  Journal journal;
  ClientSettings settings = settings_for(server.address(), journal);
  settings.deadline = std::chrono::seconds(100);
  auto client = Client::open(settings);
  BOOST_REQUIRE(client);
  // A wait of 60 s fits, one of 120 s does not.
  BOOST_TEST(show(client->send(get), server).substr(0, 3) == "403");
  BOOST_TEST(joined(journal.waits) == "60 s");
  journal.now += std::chrono::seconds(40);
  BOOST_TEST(show(client->send(get), server) ==
             "GET http://127.0.0.1:PORT/a: error: not sent: the 100 s for all requests together are over\n"
             "    = run again: what the platform has already is found there\n");
  BOOST_TEST(joined(server.requests()) == "GET /a, GET /a");
}

BOOST_AUTO_TEST_CASE(writes_keep_the_distance_that_is_asked_for) {
  const Server server({fine, fine, fine, fine});
  Journal journal;
  ClientSettings settings = settings_for(server.address(), journal);
  settings.between_writes = std::chrono::seconds(1);
  auto client = Client::open(settings);
  BOOST_REQUIRE(client);
  for (const Request& request : {post, get, put}) {
    BOOST_TEST(show(client->send(request), server) == "200 fine");
  }
  journal.now += std::chrono::milliseconds(600);
  BOOST_TEST(show(client->send(post), server) == "200 fine");
  BOOST_TEST(joined(journal.waits) == "1 s, 0.4 s");
}

BOOST_AUTO_TEST_CASE(a_slow_server_is_left_at_the_deadline) {
  for (const std::string step : {"!silence", "!drip", "!drip-head"}) {
    for (const Request& request : {get, post}) {
      const Server server({step, step});
      Journal journal;
      ClientSettings settings = settings_for(server.address(), journal);
      settings.limits.whole = std::chrono::milliseconds(300);
      settings.attempts = 2;
      const bool again = request.method == "GET";
      const auto start = std::chrono::steady_clock::now();
      BOOST_TEST_CONTEXT(step) {
        BOOST_TEST(sent(settings, request, server) == request.method + " http://127.0.0.1:PORT" + request.url +
                                                          ": error: no whole answer within 0.3 s" +
                                                          (again ? " (2 attempts)\n" : "\n" + not_again) + run_again);
        BOOST_TEST(server.count_requests(again ? 2 : 1) == (again ? 2u : 1u));
        BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(10)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_a_server_sends_is_bounded) {
  const std::string too_large =
      "GET http://127.0.0.1:PORT/a: error: the answer is larger than the 100000 bytes (headers: 20000) that are "
      "read\n" +
      look_between;
  const std::string compressed =
      "GET http://127.0.0.1:PORT/a: error: the answer is compressed, which was not asked for\n" + look_between;
  const struct {
    std::string step, expected;
  } cases[] = {
      {"!endless-head", too_large},
      {"!endless-line", too_large},
      {"!endless-interim", too_large},
      {"!endless-body", too_large},
      {"!bomb", compressed},
      {"!transfer-bomb", too_large},
      {answer("200 OK", std::string(100'000, 'x')), "200 " + std::string(100'000, 'x')},
      {answer("200 OK", std::string(100'001, 'x')), too_large},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", "200 abc"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd", "200 abcd"},
  };
  for (const auto& each : cases) {
    const Server server({each.step, fine});
    Journal journal;
    ClientSettings settings = settings_for(server.address(), journal);
    settings.limits.largest_body = 100'000;
    settings.limits.largest_headers = 20'000;
    BOOST_TEST_CONTEXT(each.step.substr(0, 60)) {
      BOOST_TEST(sent(settings, get, server) == each.expected);
      BOOST_TEST(joined(server.requests()) == "GET /a");
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_an_error) {
  for (const std::string step : {"SSH-2.0-x\r\nConnection: close\r\n\r\n", "\r\n\r\nConnection: close"}) {
    const Server server({step, fine});
    Journal journal;
    BOOST_TEST(sent(settings_for(server.address(), journal), get, server) ==
               "GET http://127.0.0.1:PORT/a: error: Received HTTP/0.9 when not allowed\n" + run_again);
  }
}

BOOST_AUTO_TEST_CASE(redirects_are_followed_within_the_origin) {
  const auto to = [](const std::string& status, const std::string& where) {
    return answer(status + " Moved\nLocation: " + where);
  };
  const std::string at = "http://127.0.0.1:PORT";
  const std::string around = to("302", "/a");
  const std::string lost =
      "; what is to be written would be lost on the way\n"
      "    = set the platform's present address, and the repository's present name\n";
  const Case cases[] = {
      {get, {to("301", "/b"), fine}, "200 fine", "GET /a, GET /b", ""},
      {get,
       {to("302", "http://127.0.0.1:{port}/b?c"), to("307", "d"), fine},
       "200 fine",
       "GET /a, GET /b?c, GET /d",
       ""},
      {post, {to("307", "/b"), fine}, "200 fine", "POST /runs, POST /b", ""},
      {patch, {to("308", "/b"), fine}, "200 fine", "PATCH /runs/1, PATCH /b", ""},
      {post, {to("301", "/b"), fine}, "POST " + at + "/runs: error: status 301 leads to `/b`" + lost, "POST /runs", ""},
      {patch,
       {to("302", "/b"), fine},
       "PATCH " + at + "/runs/1: error: status 302 leads to `/b`" + lost,
       "PATCH /runs/1",
       ""},
      {post, {to("303", "/b"), fine}, "POST " + at + "/runs: error: status 303 leads to `/b`" + lost, "POST /runs", ""},
      {get,
       {around, around, around, around, around, around, fine},
       "GET " + at +
           "/a: error: more than 5 redirects\n"
           "    = expected an answer after at most that many; ask whoever runs the platform\n",
       "GET /a, GET /a, GET /a, GET /a, GET /a, GET /a",
       ""},
      {get,
       {to("302", "https://127.0.0.1:{port}/b"), fine},
       "GET " + at +
           "/a: error: status 302 leads to another origin, `https://127.0.0.1:PORT`; it is not followed, "
           "because the token belongs to http://127.0.0.1:PORT\n    = where the platform has moved, set its new "
           "address\n",
       "GET /a",
       ""},
      {get,
       {to("302", "file:///etc/passwd"), fine},
       "GET " + at +
           "/a: error: status 302 leads to `file:///etc/passwd`, which is no address\n"
           "    = expected a Location of http or https\n",
       "GET /a",
       ""},
      {get,
       {to("302", ""), fine},
       "GET " + at +
           "/a: error: status 302 leads to ``, which is no address\n"
           "    = expected a Location of http or https\n",
       "GET /a",
       ""},
  };
  for (const Case& each : cases) {
    check(each);
  }
}

BOOST_AUTO_TEST_CASE(no_other_origin_sees_the_token_or_anything) {
  const Server other({fine, fine, fine});
  // 127.0.0.1 by another name is another origin too.
  const std::string elsewhere = "http://localhost:" + std::to_string(other.port());
  std::vector<std::string> steps;
  std::vector<std::pair<std::string, Request>> cases;
  for (const std::string status : {"301", "302", "303", "307", "308"}) {
    for (const Request& request : {get, post, patch, put}) {
      steps.push_back(answer(status + " Moved\nLocation: " + other.address() + "/" + token));
      cases.push_back({status, request});
    }
  }
  const Server leading_away(steps);
  for (const auto& [status, request] : cases) {
    Journal journal;
    BOOST_TEST(sent(settings_for(leading_away.address(), journal), request, leading_away, &other) ==
               request.method + " http://127.0.0.1:PORT" + request.url + ": error: status " + status +
                   " leads to another origin, `http://127.0.0.1:OTHER`; it is not followed, because the token "
                   "belongs to http://127.0.0.1:PORT\n"
                   "    = where the platform has moved, set its new address\n");
  }
  BOOST_TEST(leading_away.requests().size() == cases.size());
  const Server server({answer("200 OK\nLink: <" + other.address() + "/a?page=2>; rel=\"next\"", "[]"),
                       answer("302 Moved\nLocation: " + elsewhere + "/a")});
  Journal journal;
  auto client = Client::open(settings_for(server.address(), journal));
  BOOST_REQUIRE(client);
  const auto pages = send_for_all_pages([&](const Request& request) { return client->send(request); }, get);
  BOOST_REQUIRE(!pages);
  BOOST_TEST(show(tl::unexpected(pages.error()), server, &other) ==
             "GET http://127.0.0.1:PORT/a: error: its next page is `http://127.0.0.1:OTHER/a?page=2`, which is not at "
             "http://127.0.0.1:PORT; it is not fetched, because the token belongs there\n"
             "    = the platform must know the address by which it is reached (its external URL)\n");
  BOOST_TEST(show(client->send(get), server, &other).find("leads to another origin, `http://localhost:OTHER`") !=
             std::string::npos);
  BOOST_TEST(show(client->send({"GET", other.address() + "/a", {}, "", false}), server, &other) ==
             "GET http://127.0.0.1:OTHER/a: error: this is not at http://127.0.0.1:PORT, the only place to which the "
             "token is sent\n    = nothing was sent; please report this\n");
  BOOST_TEST(other.log() == "");
}

BOOST_AUTO_TEST_CASE(a_token_that_is_sent_back_goes_no_further) {
  const Server server({answer("403 Forbidden\nX-Echo: Bearer " + token + "\nX-Request-Id: " + token,
                              "you said " + token + ", " + token)});
  Journal journal;
  auto client = Client::open(settings_for(server.address(), journal));
  BOOST_REQUIRE(client);
  const auto response = client->send(post);
  BOOST_REQUIRE(response);
  BOOST_TEST(header_of(*response, "x-echo") == "Bearer ***");
  BOOST_TEST(response->body == "you said ***, ***");
  BOOST_TEST(show(expect_success(post, response), server) ==
             "POST http://127.0.0.1:PORT/runs: error: status 403 (request id ***): you said ***, ***\n"
             "    = expected a token that may do this; look at its permissions\n");
  BOOST_TEST(server.log().find("Authorization: Bearer " + token) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_the_platform_said) {
  const struct {
    std::string step, expected;
  } cases[] = {
      {page,
       "502, with a page for people: something between here and the platform may have answered\n"
       "    = this is the platform's own fault; run again\n"},
      {secondary,
       "403 (request id AB:12): {\"message\": \"You have exceeded a secondary rate limit\"}\n"
       "    = the platform limits how often it is asked; run again in 60 s\n"},
      {answer("401 Unauthorized\nX-Request-Id: q\x1b[31m", "{\"message\": \"Bad\x1b[2J credentials\"}"),
       "401 (request id q\\x1b[31m): {\"message\": \"Bad\\x1b[2J credentials\"}\n"
       "    = expected a token that is still valid\n"},
      {answer("404 Not Found"), "404\n    = expected a token that may do this; look at its permissions\n"},
      {answer("422 Unprocessable", std::string(1000, 'x')),
       "422: " + std::string(299, 'x') + "…\n    = expected a success; please report this\n"},
  };
  for (const auto& each : cases) {
    const Server server({each.step});
    Journal journal;
    ClientSettings settings = settings_for(server.address(), journal);
    settings.attempts = 1;
    auto client = Client::open(settings);
    BOOST_REQUIRE(client);
    BOOST_TEST(show(expect_success(post, client->send(post)), server) ==
               "POST http://127.0.0.1:PORT/runs: error: status " + each.expected);
  }
}

BOOST_AUTO_TEST_CASE(pages_are_read_to_the_end_and_go_round_nowhere) {
  const auto linked = [](const std::string& target) {
    return answer("200 OK\nLink: <" + target + ">; rel=\"next\", </a?page=9>; rel=\"last\"", "[1]");
  };
  const auto listed = [](const std::vector<std::string>& steps, const PageLimits& limits) {
    const Server server(steps);
    Journal journal;
    auto client = Client::open(settings_for(server.address(), journal));
    BOOST_REQUIRE(client);
    const auto pages = send_for_all_pages([&](const Request& request) { return client->send(request); }, get, limits);
    return joined(server.requests()) + ": " +
           (pages ? fmt::format("{} pages", pages->size()) : show(tl::unexpected(pages.error()), server));
  };
  const std::string at = "http://127.0.0.1:PORT";
  BOOST_TEST(listed({fine}, {}) == "GET /a: 1 pages");
  BOOST_TEST(listed({linked("http://127.0.0.1:{port}/a?page=2"), linked("/a?page=3"), fine}, {}) ==
             "GET /a, GET /a?page=2, GET /a?page=3: 3 pages");
  BOOST_TEST(listed({linked("/a?page=2"), linked("/a"), fine}, {}) ==
             "GET /a, GET /a?page=2: GET " + at +
                 "/a?page=2: error: its next page is `http://127.0.0.1:PORT/a`, which was there before\n"
                 "    = expected pages that come to an end\n");
  BOOST_TEST(listed({linked("/a?page=2"), answer("404 Not Found", "gone")}, {}) ==
             "GET /a, GET /a?page=2: GET " + at +
                 "/a?page=2: error: status 404: gone\n"
                 "    = expected a token that may do this; look at its permissions\n");
  BOOST_TEST(listed({linked("/b"), linked("/c"), fine}, {2, 100}) ==
             "GET /a, GET /b: GET " + at +
                 "/b: error: the list goes on after 2 pages with 6 bytes\n"
                 "    = at most 2 pages with 100 bytes are read\n");
  BOOST_TEST(listed({linked("/b"), linked("/c"), fine}, {9, 4}) ==
             "GET /a, GET /b: GET " + at +
                 "/b: error: the list goes on after 2 pages with 6 bytes\n"
                 "    = at most 9 pages with 4 bytes are read\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
