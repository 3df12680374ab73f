// SPDX-License-Identifier: Apache-2.0
// The packs of policies/ by their own examples.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/judge/examples.h"
#include "tests/judge/build.h"

namespace spiritsafe {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

LoadOptions packs_of(const fs::path& folder) {
  LoadOptions options;
  options.examples = true;
  for (const fs::path& pack : sorted(folder)) {
    auto& [name, files] = options.packs.emplace_back(pack.filename().string(), std::vector<PolicyFile>{});
    for (const fs::path& file : sorted(pack)) {
      std::stringstream text;
      text << std::ifstream(file, std::ios::binary).rdbuf();
      files.push_back({file.generic_string(), text.str()});
    }
  }
  return options;
}

BOOST_AUTO_TEST_SUITE(packs_suite)

BOOST_AUTO_TEST_CASE(every_example_holds_and_every_condition_has_one_each_way) {
  const fs::path folder = "policies";
  if (!fs::exists(folder)) {
    BOOST_TEST_MESSAGE("there are no packs here");
    return;
  }
  const LoadOptions options = packs_of(folder);
  for (const auto& [name, files] : options.packs) {
    BOOST_TEST_CONTEXT(name) {
      const Result<Policy> policy = load_builtin_policy({name}, options);
      if (!policy) {
        BOOST_FAIL(format_errors(policy.error()));
      }
      const ExampleReport report = test_examples(*policy);
      BOOST_TEST(report.is_good(), format_report(*policy, report));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spiritsafe
