// SPDX-License-Identifier: Apache-2.0
// What a revision file does, apart from how it is laid out: approvals and `code_changed` stand on it.
#pragma once

#include <string>
#include <string_view>

#include "engine/facts/project.h"

namespace spiritsafe {

struct CodeDigests {
  std::string code = {};  // 32 hexadecimal digits
  std::string body = {};  // the same without the module's statements that set down_revision and depends_on
};

// Of the tokens of Python: comments, docstrings and other strings that stand alone, white space, line breaks inside
// brackets, the kind of quotes and a comma behind the last item do not count. A text that is no Python is taken to the
// letter.
CodeDigests code_digests(std::string_view text);

// Sets code_digest and body_digest of one migration; the project keeps the texts.
void read_code_digests(Project& project, Migration& migration);

// Sets code_digest and body_digest of the migrations whose versions can be compared: those that the change touches and
// what they were at the merge base.
void read_code_digests(Project& project);

}  // namespace spiritsafe
