// SPDX-License-Identifier: Apache-2.0
#include "engine/read/versions.h"

#include <algorithm>
#include <string>

namespace spiritsafe {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

// `0.0.22`; what stands behind three numbers does not matter here.
PackageVersion version_of(std::string_view text) {
  PackageVersion version;
  int* parts[] = {&version.major, &version.minor, &version.patch};
  for (int* part : parts) {
    size_t digits = 0;
    while (digits < text.size() && digits < 6 && is_digit(text[digits])) {
      *part = *part * 10 + (text[digits++] - '0');
    }
    text.remove_prefix(digits);
    if (digits == 0 || !text.starts_with('.')) {
      break;
    }
    text.remove_prefix(1);
  }
  return version;
}

template <class Use>
void each_line(std::string_view text, Use&& use) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    use(trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// [[package]] with `name = "sqlmodel"` and behind it `version = "0.0.22"`.
PackageVersion in_lock(std::string_view text, std::string_view package) {
  PackageVersion found;
  const std::string name = "name = \"" + std::string(package) + "\"";
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    bool here = at == 0 || text[at - 1] == '\n';
    std::string_view rest = text.substr(at + name.size());
    while (here && !rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = trimmed(rest.substr(0, end));
      if (line.starts_with("version = \"")) {
        found = version_of(line.substr(11));
      }
      here = !line.starts_with("version = \"") && !line.starts_with('[');
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return found;
}

// `sqlmodel==0.0.8`, `sqlmodel = "0.0.8"`, `sqlmodel = "^0.0.8"`: a caret before 0.0 means that version alone.
// `lowest`: `sqlmodel>=0.0.8` as well.
PackageVersion in_requirements(std::string_view text, std::string_view package, bool lowest) {
  PackageVersion found;
  each_line(text, [&](std::string_view line) {
    while (!line.empty() && (line.front() == '"' || line.front() == '\'' || line.front() == ' ')) {
      line.remove_prefix(1);
    }
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
    if (line.size() < package.size() ||
        !std::equal(package.begin(), package.end(), line.begin(), [&](char b, char a) { return same(a, b); })) {
      return;
    }
    line.remove_prefix(package.size());
    if (line.starts_with('[')) {
      line.remove_prefix(std::min(line.find(']'), line.size() - 1) + 1);
    }
    line = trimmed(line);
    bool caret = false;
    if (line.starts_with("==") || (lowest && (line.starts_with(">=") || line.starts_with("~=")))) {
      line.remove_prefix(2);
    } else if (line.starts_with('=')) {
      line = trimmed(line.substr(1));
      if (!line.starts_with('"')) {
        return;
      }
      line.remove_prefix(1);
      caret = line.starts_with('^');
      const bool bound = lowest && (line.starts_with(">=") || line.starts_with("~="));
      line.remove_prefix(caret ? 1 : bound || line.starts_with("==") ? 2 : 0);
    } else {
      return;
    }
    line = trimmed(line);
    if (!line.empty() && is_digit(line.front())) {
      const PackageVersion version = version_of(line);
      found = caret && !lowest && (version.major != 0 || version.minor != 0) ? PackageVersion{} : version;
    }
  });
  return found;
}

}  // namespace

PackageVersion pinned_version(std::string_view path, std::string_view text, std::string_view package) {
  return path.ends_with(".lock") ? in_lock(text, package) : in_requirements(text, package, false);
}

PackageVersion lowest_version(std::string_view path, std::string_view text, std::string_view package) {
  return path.ends_with(".lock") ? PackageVersion{} : in_requirements(text, package, true);
}

}  // namespace spiritsafe
