// SPDX-License-Identifier: Apache-2.0
// From an example of a rule to a project that can be judged.
//
// A pack's `frame:` is the text of a revision file with placeholders: {revision} {parents} {message} {docstring} {head}
// {upgrade} {downgrade}, and {revises} for the parents as Alembic's header names them. `{name|text}` gives what stands
// there where the example says nothing. A placeholder that is alone on its line gives its indentation to every line put
// there, and takes the line with it where there is nothing to put. Other braces stay as they are.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/facts/project.h"
#include "engine/policy/policy.h"
#include "engine/read/read.h"

namespace spiritsafe {

// Where a part of an example has come to stand, in lines of its file from 1; `last` is inclusive.
struct PartPlace {
  uint32_t first = 0;
  uint32_t last = 0;
};

struct FramedText {
  std::string text = {};
  std::map<std::string, PartPlace> places = {};
};

FramedText fill_frame(std::string_view frame, const std::map<std::string, std::string>& parts);

struct ExampleProject {
  std::unique_ptr<Project> project = {};
  const File* file = nullptr;  // the one that the example is about; nullptr: it has only `history` or `files`
  std::map<std::string, PartPlace> places = {};
  std::string mistake = {};  // why no project can be made of it; empty where one was made
};

ExampleProject make_example(const Example& example, std::string_view frame, const ReadOptions& options);

}  // namespace spiritsafe
