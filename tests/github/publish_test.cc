// SPDX-License-Identifier: Apache-2.0
// A check run published to a GitHub that keeps what it gets, with each fault at each request in turn.
#include <fmt/format.h>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "adapters/github/publish.h"
#include "tests/github/build.h"

namespace spiritsafe::tests {
namespace {

using Json = nlohmann::json;

enum class Fault { none, lost_before, lost_after, page_502, garbage, refused_403 };

// Check runs as GitHub keeps them: each request appends its annotations.
class Platform {
 public:
  std::vector<Json> runs = {};
  int requests = 0;
  int faulty = -1;  // which request goes wrong
  Fault fault = Fault::none;

  Result<Response> send(const Request& request) {
    const bool wrong = requests++ == faulty;
    if (wrong && fault == Fault::lost_before) {
      return lost(request);
    }
    if (wrong && fault == Fault::page_502) {
      return Response{502, {{"content-type", "text/html"}}, "<html>", "https://h" + request.url};
    }
    if (wrong && fault == Fault::refused_403) {
      return Response{403, {}, "Resource not accessible by integration", "https://h" + request.url};
    }
    Response response = take(request);
    response.url = "https://h" + request.url;
    if (wrong && fault == Fault::garbage) {
      response.body = "{";
    }
    return wrong && fault == Fault::lost_after ? lost(request) : Result<Response>(response);
  }

  // The newest run, as people see it: `failure: 120 annotations, each once; 1 completed, 0 open`.
  std::string shown() const {
    std::map<std::string, int> seen;
    int most = 0, completed = 0;
    for (const Json& annotation : runs.back()["annotations"]) {
      most = std::max(most, ++seen[annotation["path"].get<std::string>() + annotation["start_line"].dump()]);
    }
    for (const Json& run : runs) {
      completed += run["status"] == "completed";
    }
    return fmt::format("{}: {} annotations, each {}; {} of {} completed", runs.back().value("conclusion", "none"),
                       seen.size(), most, completed, runs.size());
  }

 private:
  static Result<Response> lost(const Request& request) {
    Error error;
    error.path = request.method;
    error.message = "the connection ended before the answer did";
    return tl::unexpected(Errors{error});
  }

  Response take(const Request& request) {
    if (request.method == "GET") {
      return list(request.url.find("page=2") != std::string::npos ? 1 : 0);
    }
    const Json body = Json::parse(request.body);
    if (request.method == "POST") {
      runs.push_back({{"id", 100 + runs.size()}, {"annotations", Json::array()}});
    }
    Json& run = request.method == "POST" ? runs.back()
                                         : runs.at(std::stoul(request.url.substr(request.url.rfind('/') + 1)) - 100);
    for (const char* key : {"name", "external_id", "status", "conclusion"}) {
      if (body.contains(key)) {
        run[key] = body[key];
      }
    }
    for (const Json& annotation : body["output"].value("annotations", Json::array())) {
      run["annotations"].push_back(annotation);
    }
    run["output"] = {{"annotations_count", run["annotations"].size()}};
    return {request.method == "POST" ? 201 : 200, {}, run.dump(), ""};
  }

  // Two runs on a page, so that there are several.
  Response list(size_t page) const {
    Json rows = Json::array();
    for (size_t i = page * 2; i < std::min(runs.size(), page * 2 + 2); ++i) {
      rows.push_back(runs[i]);
    }
    Response response{200, {}, Json{{"check_runs", rows}}.dump(), ""};
    if (page == 0 && runs.size() > 2) {
      response.headers.push_back({"link", "<?page=2>; rel=\"next\""});
    }
    return response;
  }
};

std::string published(Platform& platform, const github::CheckRun& wanted) {
  int pauses = 0;
  const auto result = github::publish_check_run([&](const Request& request) { return platform.send(request); }, wanted,
                                                [&](std::chrono::seconds) { ++pauses; });
  return result ? fmt::format("done, {} pauses", pauses) : format_errors(result.error());
}

github::CheckRun wanted_of(size_t findings) {
  return github::make_check_run(with_findings(findings).judgement, context(), {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(publish)

BOOST_AUTO_TEST_CASE(publishing_twice_leaves_what_publishing_once_leaves) {
  for (const size_t findings : {0u, 1u, 50u, 51u, 1000u}) {
    Platform platform;
    const auto wanted = wanted_of(findings);
    const std::string expected = fmt::format("{}: {} annotations, each {}; 1 of 1 completed",
                                             findings > 0 ? "failure" : "success", findings, findings > 0 ? 1 : 0);
    for (int i = 0; i < 2; ++i) {
      BOOST_TEST(published(platform, wanted) == "done, 0 pauses");
      BOOST_TEST(platform.shown() == expected);
    }
    BOOST_TEST(platform.requests == static_cast<int>(github::plan(wanted).size()) + 1);
  }
}

BOOST_AUTO_TEST_CASE(each_fault_at_each_request_leaves_each_finding_once) {
  const auto wanted = wanted_of(120);
  const int requests = static_cast<int>(github::plan(wanted).size());
  BOOST_REQUIRE(requests == 4);
  for (const Fault fault :
       {Fault::lost_before, Fault::lost_after, Fault::page_502, Fault::garbage, Fault::refused_403}) {
    for (int faulty = 0; faulty < requests; ++faulty) {
      Platform platform;
      platform.faulty = faulty;
      platform.fault = fault;
      BOOST_TEST_CONTEXT("fault " << static_cast<int>(fault) << " at request " << faulty) {
        const std::string first = published(platform, wanted);
        // What was only lost is mended in the same run; a list that fails and a refusal are not.
        const bool is_final = faulty == 0 || fault == Fault::refused_403;
        BOOST_TEST((first == "done, 1 pauses") == !is_final);
        BOOST_TEST(published(platform, wanted) == "done, 0 pauses");
        BOOST_TEST(platform.shown() == "failure: 120 annotations, each 1; 1 of 1 completed");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(another_result_takes_the_place_of_the_first_and_of_what_was_left_half_made) {
  Platform platform;
  BOOST_TEST(published(platform, wanted_of(120)) == "done, 0 pauses");
  platform.faulty = platform.requests + 2;
  platform.fault = Fault::refused_403;
  BOOST_TEST(
      published(platform, wanted_of(60)) ==
      "PATCH https://h/repos/o/r/check-runs/101: error: status 403: Resource not accessible by integration\n"
      "    = expected a token with `checks: write` under the job's `permissions:`\n"
      "    = runs for forks and of Dependabot never have it; there a second workflow publishes (workflow_run)\n");
  BOOST_TEST(platform.shown() == "none: 50 annotations, each 1; 1 of 2 completed");
  BOOST_TEST(published(platform, wanted_of(120)) == "done, 0 pauses");
  BOOST_TEST(platform.shown() == "failure: 120 annotations, each 1; 3 of 3 completed");
  BOOST_TEST(platform.runs[1]["conclusion"] == "cancelled");
  BOOST_TEST(published(platform, wanted_of(0)) == "done, 0 pauses");
  BOOST_TEST(platform.shown() == "success: 0 annotations, each 0; 4 of 4 completed");
}

BOOST_AUTO_TEST_CASE(a_platform_that_is_gone_is_given_up) {
  const auto result = github::publish_check_run(
      [](const Request& request) {
        Response response{request.method == "GET" ? 200 : 500, {}, R"({"check_runs": []})", "https://h" + request.url};
        return Result<Response>(response);
      },
      wanted_of(1), [](std::chrono::seconds) {});
  BOOST_REQUIRE(!result);
  BOOST_TEST(format_errors(result.error()) ==
             "POST https://h/repos/o/r/check-runs: error: status 500: {\"check_runs\": []}\n"
             "    = this is the platform's own fault; run again\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe::tests
