// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace spiritsafe {
namespace {

std::string words_of(const CompletionTree& tree) {
  std::string words;
  for (const CompletionTree& command : tree.commands) {
    words += " " + command.name;
  }
  for (const CompletionOption& option : tree.options) {
    words += " " + option.name;
  }
  return words.empty() ? words : words.substr(1);
}

void append_bash_cases(std::string& out, const CompletionTree& tree, const std::string& path) {
  out += fmt::format("    '{}') words='{}' ;;\n", path, words_of(tree));
  for (const CompletionTree& command : tree.commands) {
    append_bash_cases(out, command, path.empty() ? command.name : path + " " + command.name);
  }
}

// Behind an option that takes one of some words, only these. The options of the program itself go with every command.
void append_bash_values(std::string& out, const CompletionTree& tree, const std::string& path) {
  for (const CompletionOption& option : tree.options) {
    if (!option.values.empty()) {
      out += fmt::format("    {}' {}') words='{}' ;;\n", path.empty() ? "*" : "'" + path + "'", option.name,
                         fmt::join(option.values, " "));
    }
  }
  for (const CompletionTree& command : tree.commands) {
    append_bash_values(out, command, path.empty() ? command.name : path + " " + command.name);
  }
}

// The words before the cursor that name commands say which list of words to offer; files are offered by the shell
// itself.
std::string bash(const CompletionTree& tree) {
  std::string out =
      "_spiritsafe() {\n  local word command='' words=''\n  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    "
      "case $word in\n";
  std::string names;
  for (const CompletionTree& command : tree.commands) {
    names += (names.empty() ? "" : "|") + command.name;
    for (const CompletionTree& part : command.commands) {
      names += "|" + part.name;
    }
  }
  out += fmt::format("      {}) command=\"${{command:+$command }}$word\" ;;\n    esac\n  done\n  case $command in\n",
                     names);
  append_bash_cases(out, tree, "");
  out += "  esac\n  case \"$command ${COMP_WORDS[COMP_CWORD-1]}\" in\n";
  append_bash_values(out, tree, "");
  out += "  esac\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n}\n";
  out += "complete -o default -F _spiritsafe spiritsafe\n";
  return out;
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return out + "'";
}

void append_fish(std::string& out, const CompletionTree& tree, const std::string& condition) {
  for (const CompletionOption& option : tree.options) {
    const std::string values =
        option.values.empty() ? ""
                              : fmt::format(" -x -a {}", fish_quoted(fmt::format("{}", fmt::join(option.values, " "))));
    out += fmt::format("complete -c spiritsafe -n {} -l {}{} -d {}\n", fish_quoted(condition), option.name.substr(2),
                       values, fish_quoted(option.help));
  }
  for (const CompletionTree& command : tree.commands) {
    out += fmt::format("complete -c spiritsafe -n {} -a {} -d {}\n", fish_quoted(condition), command.name,
                       fish_quoted(command.help));
    append_fish(out, command, "__fish_seen_subcommand_from " + command.name);
  }
}

}  // namespace

std::string write_completions(const CompletionTree& tree, const std::string& shell) {
  if (shell == "fish") {
    std::string out;
    append_fish(out, tree, "__fish_use_subcommand");
    return out;
  }
  const std::string script = bash(tree);
  return shell == "zsh" ? "#compdef spiritsafe\nautoload -U +X bashcompinit && bashcompinit\n" + script : script;
}

}  // namespace spiritsafe
