// SPDX-License-Identifier: Apache-2.0
// JSON written into a string, for reports of any size; json.cc, where every millisecond is looked at, has its own. What
// is no UTF-8 comes out as U+FFFD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spiritsafe {

void append_json(std::string& out, std::string_view text);  // with its quotes

// Of the object that is open: what is behind a `{` is its first member.
void json_key(std::string& out, std::string_view name);
void json_member(std::string& out, std::string_view name, std::string_view value);
void json_member(std::string& out, std::string_view name, uint64_t value);
void json_member(std::string& out, std::string_view name, const std::vector<std::string>& values);
void json_flag(std::string& out, std::string_view name, bool value);
inline void json_member(std::string& out, std::string_view name, const char* value) {
  json_member(out, name, std::string_view(value));
}

}  // namespace spiritsafe
