// SPDX-License-Identifier: Apache-2.0
// What `doctor` found out, for people and for programs.
#pragma once

#include <string>
#include <vector>

namespace spiritsafe {

struct CheckLine {
  enum class Status { ok, missing, unknown };
  Status status = Status::ok;
  std::string name = {};   // `database`, `pending`, or a rule's id
  std::string found = {};  // what is so, or is not
  std::string next = {};   // what to do
};

std::string write_doctor(const std::vector<CheckLine>& lines, bool colour);
std::string write_doctor_json(const std::vector<CheckLine>& lines);

}  // namespace spiritsafe
