// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/json_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace spiritsafe {

void append_json(std::string& out, std::string_view text) {
  using Json = nlohmann::json;
  out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void json_key(std::string& out, std::string_view name) {
  if (out.back() != '{') {
    out += ", ";
  }
  out += fmt::format("\"{}\": ", name);
}

void json_member(std::string& out, std::string_view name, std::string_view value) {
  json_key(out, name);
  append_json(out, value);
}

void json_member(std::string& out, std::string_view name, uint64_t value) {
  json_key(out, name);
  out += fmt::format("{}", value);
}

void json_member(std::string& out, std::string_view name, const std::vector<std::string>& values) {
  json_key(out, name);
  out += '[';
  for (size_t i = 0; i < values.size(); ++i) {
    out += i > 0 ? ", " : "";
    append_json(out, values[i]);
  }
  out += ']';
}

void json_flag(std::string& out, std::string_view name, bool value) {
  json_key(out, name);
  out += value ? "true" : "false";
}

}  // namespace spiritsafe
