// SPDX-License-Identifier: Apache-2.0
// The command line as values.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace spiritsafe {

// What the process ends with; README lists the same. Two at once: unusable before blocked before approval.
// `unpublished` only where publishing is required.
enum class Exit : int { clean = 0, blocked = 1, unusable = 2, approval = 3, unpublished = 4 };

struct JudgeArguments {
  std::vector<std::string> paths = {};
  std::string policy = {};     // a file; empty: the one found, else the built-in packs
  std::string packs = {};      // a folder of packs in place of the embedded ones
  std::string today = {};      // YYYY-MM-DD; empty: the clock's date
  std::string approvals = {};  // a JSON file; empty: none were given
  unsigned threads = 0;        // 0: one per core
  std::string base = {};       // what to compare with; empty: what CI says, else the remote's default branch
  bool staged = false;         // judge what is in git's index
  bool all = false;            // judge every migration, whatever the base has
};

struct PublishArguments {
  std::string platform = "none";  // or `github`, `gitlab`
  bool dry_run = false;           // print the requests, send nothing
  bool required = false;          // a failure to publish is one of the program
  unsigned max_threads = 50;      // on GitLab
  std::string ca_file = {};       // certificates that are trusted, too
  std::string check_name = "spiritsafe";
  std::string comment = "findings";  // or `always`, `never`
};

struct CheckCommand {
  JudgeArguments judge = {};
  PublishArguments publish = {};
  std::string format = "text";
  std::vector<std::string> outputs = {};  // FORMAT=FILE
  bool report_only = false;
  bool show_waived = false;
  bool timing = false;
};

struct SummaryCommand {
  JudgeArguments judge = {};
  std::string format = "text";  // or `markdown`
};

struct GraphCommand {
  JudgeArguments judge = {};  // what there is and what it is compared with; nothing is judged
  std::string format = "text";
};

struct SchemaCommand {
  JudgeArguments judge = {};  // what there is; nothing is judged or compared
  std::string at = {};        // a revision, or the beginning of one; empty: all heads
  bool downgraded = false;    // behind its downgrade()
  bool models = false;        // what the models ask for, in place of what the migrations make
  std::string format = "sql";
};

struct DriftCommand {
  JudgeArguments judge = {};  // what there is; nothing is judged
  std::string format = "text";
};

struct FixCommand {
  JudgeArguments judge = {};
  bool unsafe = false;
  bool diff = false;
};

struct BaselineCommand {
  JudgeArguments judge = {};
  std::string until = {};  // YYYY-MM-DD
  std::string reason = {};
  std::string output = {};  // empty: the policy's waiver file
  bool update = false;
};

struct ExplainCommand {
  JudgeArguments judge = {};
  std::string rule = {};
  std::string place = {};  // FILE or FILE:LINE; empty: the rule's page
};

struct DiagnoseCommand {
  std::string log = {};  // a file; empty or `-`: the standard input
  std::string format = "text";
  std::string policy = {};
  std::string packs = {};
};

struct InitCommand {
  std::string path = {};
  bool dry_run = false;
  bool diff = false;
  bool github = false;  // both false: what the repository looks like
  bool gitlab = false;
};

struct DoctorCommand {
  JudgeArguments judge = {};
  std::string database_url = {};       // empty: DATABASE_URL
  std::string write_table_sizes = {};  // a file; empty: none
  std::string format = "text";
};

struct FactsCommand {
  std::string file = {};
};

struct PolicyCommand {
  enum class Kind { check, test, list, explain, schema, docs };
  Kind kind = Kind::check;
  std::string policy = {};
  std::string packs = {};
  std::string rule = {};  // explain: empty for the whole policy
};

struct CompletionsCommand {
  std::string text = {};  // the script
};

// Nothing to run: help or the version was asked for, or the arguments are wrong.
struct Reply {
  std::string out = {};
  std::string err = {};
  Exit exit = Exit::clean;
};

struct Options {
  enum class Colour { automatic, always, never };
  Colour colour = Colour::automatic;
  std::variant<Reply, CheckCommand, SummaryCommand, GraphCommand, SchemaCommand, DriftCommand, FixCommand,
               BaselineCommand, ExplainCommand, DiagnoseCommand, InitCommand, DoctorCommand, FactsCommand,
               PolicyCommand, CompletionsCommand>
      command = {};
};

Options parse_options(const std::vector<std::string>& arguments);

}  // namespace spiritsafe
