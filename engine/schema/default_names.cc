// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/default_names.h"

#include <unordered_set>

namespace spiritsafe {
namespace {

// The first `size` bytes, less those of a character that would be cut in two.
std::string_view clipped(std::string_view text, size_t size) {
  if (text.size() <= size) {
    return text;
  }
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;
  }
  return text.substr(0, size);
}

}  // namespace

std::string object_name(std::string_view one, std::string_view two, std::string_view label) {
  const size_t overhead = (two.empty() ? 0 : 1) + (label.empty() ? 0 : label.size() + 1);
  const size_t room = overhead < longest_identifier ? longest_identifier - overhead : 0;
  size_t first = one.size(), second = two.size();
  while (first + second > room) {
    --(first > second ? first : second);
  }
  std::string name(clipped(one, first));
  if (!two.empty()) {
    name.append("_").append(clipped(two, second));
  }
  if (!label.empty()) {
    name.append("_").append(label);
  }
  return name;
}

std::string free_object_name(std::string_view one, std::string_view two, std::string_view label,
                             const std::function<bool(std::string_view)>& is_taken) {
  std::string name = object_name(one, two, label);
  for (int pass = 1; is_taken(name) && pass < 10000; ++pass) {
    name = object_name(one, two, std::string(label) + std::to_string(pass));
  }
  return name;
}

std::string joined_columns(std::span<const std::string_view> columns) {
  std::string joined;
  std::unordered_set<std::string> seen;
  for (const std::string_view column : columns) {
    std::string name(column);
    for (int i = 1; !seen.insert(name).second; ++i) {
      name = std::string(column) + std::to_string(i);
    }
    joined.append(joined.empty() ? "" : "_").append(name);
    if (joined.size() > longest_identifier) {
      break;
    }
  }
  return joined;
}

}  // namespace spiritsafe
