// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "adapters/github/comment.h"
#include "adapters/github/limits.h"
#include "adapters/github/publish.h"
#include "tests/github/build.h"

namespace spiritsafe::tests {
namespace {

using Json = nlohmann::json;
using github::CommentPolicy;

const std::string us = "github-actions[bot]";
const std::string marker = spiritsafe::marker_of("spiritsafe");

github::Comment wanted_of(const std::string& report, CommentPolicy policy = CommentPolicy::findings,
                          bool has_findings = true) {
  github::Comment wanted;
  wanted.repository = "o/r";
  wanted.number = 12;
  wanted.marker = marker;
  wanted.body = github::comment_body(marker, report);
  wanted.policy = policy;
  wanted.has_findings = has_findings;
  return wanted;
}

std::string next(const github::Comment& wanted, const std::vector<github::KnownComment>& known) {
  const auto request = github::next_request(wanted, known);
  return request ? request->method + " " + request->url.substr(std::string("/repos/o/r/issues").size()) + " " +
                       (request->body.empty() ? "" : Json::parse(request->body)["body"].get<std::string>())
                 : "nothing";
}

// Comments as GitHub keeps them, a hundred on a page.
struct Platform {
  std::vector<Json> comments = {};
  int requests = 0, faulty = -1;
  bool has_effect = false;  // of the faulty one

  Result<Response> send(const Request& request) {
    const bool wrong = requests++ == faulty;
    if (wrong && !has_effect) {
      return tl::unexpected(Errors{Error{}});
    }
    Response response{200, {}, "", "https://h" + request.url};
    const uint64_t id =
        request.method == "GET" ? 0 : std::strtoull(request.url.c_str() + request.url.rfind('/') + 1, nullptr, 10);
    const auto at = std::find_if(comments.begin(), comments.end(), [&](const Json& each) { return each["id"] == id; });
    if (request.method == "GET") {
      const size_t page = request.url.find("page=2") != std::string::npos ? 1 : 0;
      Json rows = Json::array();
      for (size_t i = page * 100; i < std::min(comments.size(), page * 100 + 100); ++i) {
        rows.push_back(comments[i]);
      }
      response.body = rows.dump();
      if (page == 0 && comments.size() > 100) {
        response.headers.push_back({"link", "<?per_page=100&page=2>; rel=\"next\""});
      }
    } else if (request.method == "POST") {
      add(us, "Bot", Json::parse(request.body)["body"]);
      response.body = comments.back().dump();
    } else if (at == comments.end()) {
      response.status = 404;
    } else if (request.method == "DELETE") {
      comments.erase(at);
    } else {
      (*at)["body"] = Json::parse(request.body)["body"];
      response.body = at->dump();
    }
    return wrong ? Result<Response>(tl::unexpected(Errors{Error{}})) : Result<Response>(response);
  }

  void add(const std::string& author, const std::string& type, const std::string& body) {
    const uint64_t id = comments.empty() ? 1000 : comments.back()["id"].get<uint64_t>() + 1;
    comments.push_back({{"id", id}, {"user", {{"login", author}, {"type", type}}}, {"body", body}});
  }

  // Ours, by id and text.
  std::string ours() const {
    std::string out;
    for (const Json& each : comments) {
      const std::string body = each["body"];
      out += each["user"]["login"] == us
                 ? fmt::format("{} {}; ", each["id"].get<int>(), body.substr(body.find('\n') + 1))
                 : "";
    }
    return out;
  }

  bool publish(const github::Comment& wanted) {
    return github::publish_comment([this](const Request& request) { return send(request); }, wanted,
                                   [](std::chrono::seconds) {})
        .has_value();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(comment)

BOOST_AUTO_TEST_CASE(a_marker_cannot_be_left) {
  BOOST_TEST(spiritsafe::marker_of("spiritsafe") == "<!-- spiritsafe spiritsafe -->");
  BOOST_TEST(spiritsafe::marker_of("a --> @b\n") == "<!-- spiritsafe a%20--%3E%20%40b%0A -->");
}

BOOST_AUTO_TEST_CASE(one_comment_is_made_kept_and_mended) {
  const auto wanted = wanted_of("text");
  const std::string body = marker + "\ntext";
  BOOST_TEST(next(wanted, {}) == "POST /12/comments " + body);
  BOOST_TEST(next(wanted, {{7, us, true, body}}) == "nothing");
  BOOST_TEST(next(wanted, {{7, us, true, marker + " \r\ntext\r\n"}}) == "nothing");
  BOOST_TEST(next(wanted, {{7, us, true, marker + "\nold"}}) == "PATCH /comments/7 " + body);
  // The oldest stays, the others go.
  BOOST_TEST(next(wanted, {{9, us, true, body}, {7, us, true, body}, {8, us, true, body}}) == "DELETE /comments/9 ");
  // Not ours: another author, another policy's, a quotation.
  BOOST_TEST(next(wanted, {{7, "mallory", false, body}}) == "POST /12/comments " + body);
  BOOST_TEST(next(wanted, {{7, us, true, spiritsafe::marker_of("strict") + "\ntext"}}) == "POST /12/comments " + body);
  BOOST_TEST(next(wanted, {{7, us, true, "> " + body}}) == "POST /12/comments " + body);
  auto any_bot = wanted;
  any_bot.author = "";
  BOOST_TEST(next(any_bot, {{7, "app[bot]", true, body}}) == "nothing");
  BOOST_TEST(next(any_bot, {{7, "mallory", false, body}}) == "POST /12/comments " + body);
}

BOOST_AUTO_TEST_CASE(a_policy_says_whether_there_is_a_comment) {
  const std::string old = marker + "\nold";
  const auto clean = [](CommentPolicy policy) { return wanted_of("all clear", policy, false); };
  BOOST_TEST(next(clean(CommentPolicy::findings), {}) == "nothing");
  BOOST_TEST(next(clean(CommentPolicy::findings), {{7, us, true, old}}) ==
             "PATCH /comments/7 " + marker + "\nall clear");
  BOOST_TEST(next(clean(CommentPolicy::always), {}) == "POST /12/comments " + marker + "\nall clear");
  BOOST_TEST(next(wanted_of("x", CommentPolicy::never), {}) == "nothing");
  BOOST_TEST(next(wanted_of("x", CommentPolicy::never), {{7, us, true, old}}) == "DELETE /comments/7 ");
}

BOOST_AUTO_TEST_CASE(it_is_found_among_the_comments_of_others_and_through_losses) {
  for (const bool has_effect : {false, true}) {
    for (int faulty = 1; faulty < 5; ++faulty) {
      Platform platform;
      for (int i = 0; i < 150; ++i) {
        platform.add("ann", "User", marker + "\nnot ours");
      }
      BOOST_TEST_CONTEXT("request " << faulty << (has_effect ? " with" : " without") << " its effect") {
        platform.faulty = faulty;
        platform.has_effect = has_effect;
        // A lost comment is looked for in the same run; a list that is lost ends it.
        int failures = 0;
        for (int i = 0; i < 3; ++i) {
          failures += platform.publish(wanted_of("one")) ? 0 : 1;
        }
        BOOST_TEST(failures == (faulty == 2 ? 0 : 1));
        BOOST_TEST(platform.ours() == "1150 one; ");
        BOOST_TEST(platform.publish(wanted_of("two")));
        BOOST_TEST(platform.ours() == "1150 two; ");
        const int before = platform.requests;
        BOOST_TEST(platform.publish(wanted_of("two")));
        BOOST_TEST(platform.requests - before == 2);
        platform.add(us, "Bot", marker + "\nstray");
        BOOST_TEST(platform.publish(wanted_of("three")));
        BOOST_TEST(platform.ours() == "1150 three; ");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_cut_closes_what_it_opened) {
  using spiritsafe::cut_markdown;
  BOOST_TEST(cut_markdown("short", 5, "!") == "short");
  BOOST_TEST(cut_markdown("one\ntwo\nthree\n", 10, "…") == "one\ntwo\n…");
  BOOST_TEST(cut_markdown("one long line", 5, "…") == "one …");
  BOOST_TEST(cut_markdown("a\n```py\nb\nc\n```\nd\n", 17, "…") == "a\n```py\nb\nc\n```\n…");
  BOOST_TEST(cut_markdown("a\n````py\nb\n```\nc\nd\n````\n", 23, "…") == "a\n````py\nb\n```\nc\n````\n…");
  BOOST_TEST(cut_markdown("a\n~~~\nb\nlonger line\n~~~\n", 13, "…") == "a\n~~~\nb\n~~~\n…");
  BOOST_TEST(cut_markdown("<details><summary>x</summary>\n\nb\n\n</details>\n\nmuch more\n", 44, "…") ==
             "<details><summary>x</summary>\n\n\n</details>\n…");
  BOOST_TEST(cut_markdown("```\n<details>\n```\nand the end\n", 20, "…") == "```\n<details>\n```\n…");
  // Every length: never longer than asked for, and as many fences closed as opened.
  std::string text;
  for (int i = 0; i < 30; ++i) {
    text += "<details>\n\n````sql\nselect '```' 😀;\n````\n\n</details>\nä\n";
  }
  for (size_t limit = 60; limit < 400; ++limit) {
    const std::string cut = cut_markdown(text, limit, "\n…");
    const auto count = [&](const std::string& part) {
      size_t found = 0;
      for (size_t at = cut.find(part); at != std::string::npos; at = cut.find(part, at + part.size())) {
        ++found;
      }
      return found;
    };
    BOOST_TEST_CONTEXT(limit) {
      BOOST_TEST(spiritsafe::count_units(cut) <= limit);
      BOOST_TEST(count("````") % 2 == 0);
      BOOST_TEST(count("<details>") == count("</details>"));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
