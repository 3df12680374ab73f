// SPDX-License-Identifier: Apache-2.0
#include "engine/read/digest.h"

#include <boost/test/unit_test.hpp>

#include "engine/text/sha256.h"

namespace spiritsafe {

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(sha256_is_the_standards) {
  const struct {
    std::string text, expected;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& each : cases) {
    Sha256 whole, parts;
    whole.add(each.text);
    for (size_t at = 0; at < each.text.size(); at += 7) {
      parts.add(std::string_view(each.text).substr(at, 7));
    }
    BOOST_TEST(whole.hex() == each.expected);
    BOOST_TEST(parts.hex() == each.expected);
  }
}

BOOST_AUTO_TEST_CASE(layout_is_no_code_and_code_is) {
  const struct {
    std::string a, b;
    bool same_code, same_body;
  } cases[] = {
      {"f(a, b)\n", "# why\nf(\n    a,  # first\n    b,\n)\n\n\n", true, true},
      {"f('a')\n", "f(\"a\")\n", true, true},
      {"\"\"\"one\"\"\"\nf()\n", "\"\"\"two\n\nRevises: x\n\"\"\"\nf()\n", true, true},
      {"def f():\n    \"\"\"Upgrade.\"\"\"\n    g()\n", "def f():\n  g()\n", true, true},
      {"x = ['a', 'b']\n", "x = [\n 'a',\n 'b',\n]\n", true, true},
      {"f()\r\ng()\r\n", "f()\ng()\n", true, true},
      {"f()\n",
       "\xEF\xBB\xBF"
       "f()\n",
       true, true},
      {"x = ('a')\n", "x = ('a',)\n", false, false},
      {"x[a]\n", "x[a,]\n", false, false},
      {"f('a')\n", "f('b')\n", false, false},
      {"f('a')\n", "f(b'a')\n", false, false},
      {"f('a\\n')\n", "f(r'a\\n')\n", false, false},
      {"f(a)\n", "f(b)\n", false, false},
      {"if a:\n    f()\n    g()\n", "if a:\n    f()\ng()\n", false, false},
      {"f()\ng()\n", "g()\nf()\n", false, false},
      {"x = lambda: 'a'\n", "x = lambda: 'b'\n", false, false},
      {"x: 'a'\n", "x: 'b'\n", false, false},
      {"f(1)\n", "f(2)\n", false, false},
      {"f(f'{a}')\n", "f(f'{b}')\n", false, false},
      {"down_revision = 'a'\nf()\n", "down_revision = 'b'\nf()\n", false, true},
      {"down_revision: str = 'a'\nf()\n", "down_revision = (\n  'b',\n  'c',\n)\nf()\n", false, true},
      {"down_revision = 'a'; f()\n", "down_revision = 'a'; g()\n", false, false},
      {"def f():\n    down_revision = 'a'\n", "def f():\n    down_revision = 'b'\n", false, false},
      {"f(\n", "f(\n\n", false, false},
  };
  for (const auto& each : cases) {
    BOOST_TEST_CONTEXT(each.a << "---\n" << each.b) {
      const CodeDigests a = code_digests(each.a), b = code_digests(each.b);
      BOOST_TEST(a.code.size() == 32u);
      BOOST_TEST((a.code == b.code) == each.same_code);
      BOOST_TEST((a.body == b.body) == each.same_body);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spiritsafe
