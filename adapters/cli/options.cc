// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/options.h"

#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "adapters/cli/completions.h"
#include "adapters/report/graph.h"
#include "adapters/report/report.h"
#include "adapters/report/schema.h"
#include "engine/text/printable.h"
#include "engine/text/suggest.h"

#ifndef SPIRITSAFE_VERSION
#define SPIRITSAFE_VERSION "0"
#endif

namespace spiritsafe {
namespace {

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const ReportFormat& format : report_formats()) {
    names.emplace_back(format.name);
  }
  return names;
}

// One line each, for the help.
std::string list_formats() {
  std::string out = "Formats:\n";
  for (const ReportFormat& format : report_formats()) {
    out += fmt::format("  {:<20}{}\n", format.name, format.help);
  }
  return out;
}

// The words of an option that takes only these: CLI11 shows them as `TEXT:{a,b}`.
std::vector<std::string> values_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{');
  return open == std::string::npos || !type.ends_with('}')
             ? std::vector<std::string>()
             : CLI::detail::split(type.substr(open + 1, type.size() - open - 2), ',');
}

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return false;
  }
  const std::string digits = text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2);
  return digits.find_first_not_of("0123456789") == std::string::npos && text.substr(5, 2) >= "01" &&
         text.substr(5, 2) <= "12" && text.substr(8, 2) >= "01" && text.substr(8, 2) <= "31";
}

void add_judge_arguments(CLI::App& app, JudgeArguments& arguments) {
  app.add_option("--policy", arguments.policy,
                 "policy file (default: spiritsafe.yml here or above, else the built-in packs)")
      ->type_name("FILE");
  app.add_option("--packs", arguments.packs, "folder of packs in place of the built-in ones")->type_name("DIR");
  app.add_option("--base", arguments.base,
                 "branch, tag or commit to compare with (default: what CI says, else the remote's default branch)")
      ->type_name("REF");
  app.add_flag("--staged", arguments.staged, "judge what is in git's index, for hooks");
  app.add_flag("--all", arguments.all, "judge every migration, not only those that the base does not have");
  app.add_option("--today", arguments.today, "the date that waivers are held against (default: the clock)")
      ->type_name("DATE")
      ->check([](const std::string& text) {
        return is_date(text) ? std::string() : fmt::format("`{}` is not a date such as 2026-06-30", text);
      });
  app.add_option("--threads", arguments.threads, "threads to work with (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1u, 256u));
}

void add_publishing(CLI::App& app, PublishArguments& arguments) {
  app.add_option(
         "--publish", arguments.platform,
         "show the result there: github has a check run with annotations and a comment, gitlab threads and a note "
         "(default: none)")
      ->check(CLI::IsMember({"none", "github", "gitlab"}));
  app.add_flag("--dry-run", arguments.dry_run,
               "print the requests that --publish would send, as JSON, and send nothing");
  app.add_flag("--require-publish", arguments.required, "exit 4 where something could not be published");
  app.add_option("--check-name", arguments.check_name,
                 "the check run's name, one for each policy (default: spiritsafe)")
      ->type_name("NAME")
      ->check([](const std::string& text) { return text.empty() ? "a check run has a name" : std::string(); });
  app.add_option("--comment", arguments.comment,
                 "when to comment on the pull request (default: findings, updated when they are gone)")
      ->check(CLI::IsMember({"always", "findings", "never"}));
  app.add_option("--max-threads", arguments.max_threads,
                 "GitLab: findings that become threads on lines, the most severe first (default: 50)")
      ->type_name("N")
      ->check(CLI::Range(0u, 1'000u));
  app.add_option("--ca-file", arguments.ca_file, "certificates (PEM) that are trusted beside the system's")
      ->type_name("FILE");
}

void add_paths(CLI::App& app, JudgeArguments& arguments) {
  app.add_option("PATH", arguments.paths, "project, folder or files (default: the project around the current folder)")
      ->type_name("");
}

template <class Command>
Command& hold(Options& options) {
  return options.command.emplace<Command>();
}

// One parse: the application with everything it writes into. Each subcommand has a command of its own to fill, and the
// one that was given is moved into the options.
struct Parser {
  CLI::App app{"Judges Alembic migrations against a policy, without running anything.", "spiritsafe"};
  std::string colour = "auto";
  CheckCommand check = {};
  SummaryCommand summary = {};
  GraphCommand graph = {};
  SchemaCommand schema = {};
  DriftCommand drift = {};
  FixCommand fix = {};
  BaselineCommand baseline = {};
  ExplainCommand explain = {};
  DiagnoseCommand diagnose = {};
  InitCommand init = {};
  DoctorCommand doctor = {};
  FactsCommand facts = {};
  PolicyCommand policy = {};
  std::string shell = {};

  Parser() {
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", "spiritsafe " SPIRITSAFE_VERSION, "print the version and stop");
    app.add_option("--color", colour, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
    app.fallthrough();
    app.footer(
        "Examples:\n"
        "  spiritsafe check                       the project around the current folder\n"
        "  spiritsafe check backend --all         every migration of one project\n"
        "  spiritsafe check --format json | jq .  for programs\n"
        "  spiritsafe fix --diff                  what the safe fixes would change\n"
        "  spiritsafe explain drop-column         what a rule asks and why\n\n"
        "Exit codes: 0 clean, 1 blocked, 2 could not judge, 3 waits for an approval, 4 not published, where that is\n"
        "required.");
    add_check();
    add_summary();
    add_graph();
    add_schema();
    add_drift();
    add_fix();
    add_baseline();
    add_explain();
    add_diagnose();
    add_init();
    add_doctor();
    add_facts();
    add_policy();
    add_completions();
  }

  void add_check() {
    CLI::App& command = *app.add_subcommand("check", "judge migrations, and the scripts around them");
    add_paths(command, check.judge);
    add_judge_arguments(command, check.judge);
    const std::vector<std::string> names = format_names();
    command.add_option("--format", check.format, "what the report is written as (default: text)")
        ->type_name("F")
        ->check(CLI::IsMember(names));
    command.add_option("--output", check.outputs, "also write a report to a file, as FORMAT=FILE; may be repeated")
        ->type_name("F=FILE")
        ->allow_extra_args(false)
        ->check([names](const std::string& text) {
          const std::string format = text.substr(0, text.find('='));
          const bool known = std::find(names.begin(), names.end(), format) != names.end();
          return known && text.find('=') + 1 < text.size() && text.find('=') != std::string::npos
                     ? std::string()
                     : fmt::format("`{}` is not FORMAT=FILE with one of {}", text, fmt::join(names, ", "));
        });
    command.add_option("--approvals", check.judge.approvals, "who approved what, as JSON")->type_name("FILE");
    command.add_flag("--report-only", check.report_only, "judge and report, but exit 0 whatever was found");
    command.add_flag("--show-waived", check.show_waived, "list what waivers cover, too");
    command.add_flag("--timing", check.timing, "say on stderr where the time went");
    add_publishing(command, check.publish);
    command.footer(
        list_formats() +
        "\nExamples:\n  spiritsafe check backend --all\n  spiritsafe check migrations/versions/9c0a_add_email.py\n"
        "  spiritsafe check --format json --output text=report.txt\n"
        "  spiritsafe check --publish github            in a job of GitHub Actions, with GITHUB_TOKEN set\n"
        "  spiritsafe check --publish github --dry-run  what that would send, as JSON; needs no GitHub\n"
        "  spiritsafe check --publish gitlab            in a job of GitLab CI, with GITLAB_TOKEN set");
  }

  void add_graph() {
    CLI::App& command = *app.add_subcommand("graph", "the revision graph, newest first");
    add_paths(command, graph.judge);
    std::vector<std::string> names;
    for (const GraphFormat& format : graph_formats()) {
      names.emplace_back(format.name);
    }
    command.add_option("--format", graph.format, fmt::format("{}", fmt::join(names, ", ")))
        ->check(CLI::IsMember(names));
    command
        .add_option("--base", graph.judge.base,
                    "what to compare with (default: what CI says, else the remote's branch)")
        ->type_name("REF");
    command.add_flag("--all", graph.judge.all, "compare with nothing");
    command.footer(
        "Examples:\n  spiritsafe graph\n  spiritsafe graph backend --format mermaid\n"
        "  spiritsafe graph --format svg > graph.svg");
  }

  void add_drift() {
    CLI::App& command = *app.add_subcommand("drift", "where the models and what the migrations make differ");
    add_paths(command, drift.judge);
    command.add_option("--format", drift.format, "text, json")->check(CLI::IsMember({"text", "json"}));
    command.footer(
        "Nothing is imported and no database is asked. What cannot be known is no difference, and is said.\n\n"
        "Examples:\n  spiritsafe drift\n  spiritsafe drift backend --format json\n\n"
        "Exit codes: 0 no difference, 1 some, 2 it cannot be said.");
  }

  void add_schema() {
    CLI::App& command = *app.add_subcommand("schema", "what the migrations make of an empty PostgreSQL database");
    add_paths(command, schema.judge);
    std::vector<std::string> names;
    for (const SchemaFormat& format : schema_formats()) {
      names.emplace_back(format.name);
    }
    command.add_option("--format", schema.format, fmt::format("{}", fmt::join(names, ", ")))
        ->check(CLI::IsMember(names));
    CLI::Option* at =
        command.add_option("--at", schema.at, "the state behind this revision (default: behind all heads)")
            ->type_name("REV");
    command.add_flag("--downgraded", schema.downgraded, "… and behind its downgrade()")->needs(at);
    command.add_flag("--models", schema.models, "what the models ask for instead, by the text of their modules")
        ->excludes(at);
    command.footer(
        "Nothing is run. What a step that cannot be followed may have changed is called uncertain.\n\n"
        "Examples:\n  spiritsafe schema\n  spiritsafe schema backend --at 9c0a1b2c3d4e --format json");
  }

  void add_summary() {
    CLI::App& command = *app.add_subcommand("summary", "what the new migrations do, in words, for who confirms them");
    add_paths(command, summary.judge);
    add_judge_arguments(command, summary.judge);
    command.add_option("--format", summary.format, "what it is written as (default: text)")
        ->type_name("F")
        ->check(CLI::IsMember(std::vector<std::string>{"text", "markdown"}));
    command.footer("Examples:\n  spiritsafe summary\n  spiritsafe summary backend --base origin/main");
  }

  void add_fix() {
    CLI::App& command = *app.add_subcommand("fix", "apply the safe fixes in place");
    add_paths(command, fix.judge);
    add_judge_arguments(command, fix.judge);
    command.add_flag("--unsafe", fix.unsafe, "apply fixes that may change what the code does, too");
    command.add_flag("--diff", fix.diff, "print what would change, and change nothing");
    command.footer(
        "Without PATH, what the base does not have is fixed; what is named is fixed whether it is new or old.\n\n"
        "Examples:\n  spiritsafe fix --diff\n  spiritsafe fix backend");
  }

  void add_baseline() {
    CLI::App& command = *app.add_subcommand("baseline", "accept today's findings of an old project until a day");
    add_paths(command, baseline.judge);
    add_judge_arguments(command, baseline.judge);
    command.add_option("--until", baseline.until, "the last day on which they are accepted")
        ->type_name("DATE")
        ->required()
        ->check([](const std::string& text) {
          return is_date(text) ? std::string() : fmt::format("`{}` is not a date such as 2026-06-30", text);
        });
    command.add_option("--reason", baseline.reason, "why")->type_name("TEXT")->required();
    command.add_option("--output", baseline.output, "the file (default: the policy's waiver file)")->type_name("FILE");
    command.add_flag("--update", baseline.update,
                     "add to the file that is there, and take out what is no longer found");
    command.footer("Example:\n  spiritsafe baseline --until 2026-09-30 --reason 'from before we had a policy'");
  }

  void add_explain() {
    CLI::App& command = *app.add_subcommand("explain", "a rule's page; with a file, why it did or did not fire there");
    command.add_option("RULE", explain.rule, "the rule's id")->required()->type_name("");
    command.add_option("PLACE", explain.place, "FILE or FILE:LINE")->type_name("");
    add_judge_arguments(command, explain.judge);
    command.footer(
        "Examples:\n  spiritsafe explain drop-column\n  spiritsafe explain drop-column "
        "migrations/versions/9c0a_add_email.py:21");
  }

  void add_diagnose() {
    CLI::App& command =
        *app.add_subcommand("diagnose", "what a log of alembic says: cause and fix of the messages that are known");
    command.add_option("LOG", diagnose.log, "what was printed, as a file (default: the standard input)")->type_name("");
    command.add_option("--format", diagnose.format, "text, json")->check(CLI::IsMember({"text", "json"}));
    command.add_option("--policy", diagnose.policy, "policy file whose signatures count, too")->type_name("FILE");
    command.add_option("--packs", diagnose.packs, "folder of packs in place of the built-in ones")->type_name("DIR");
    command.footer(
        "Examples:\n  alembic upgrade head 2>&1 | spiritsafe diagnose\n  spiritsafe diagnose ci.log\n"
        "  docker compose logs backend | spiritsafe diagnose --format json\n\n"
        "Exit codes: 0 the log was read, whether or not something in it is known; 2 it could not be read.");
  }

  void add_init() {
    CLI::App& command = *app.add_subcommand(
        "init", "write spiritsafe.yml, the CI job and the pre-commit hook; what is there is left alone");
    command.add_option("PATH", init.path, "a folder of the repository (default: the current one)")->type_name("");
    command.add_flag("--dry-run", init.dry_run, "say what would be written, and write nothing");
    command.add_flag("--diff", init.diff, "print what would be written, and write nothing");
    command.add_flag("--github", init.github, "write the workflow for GitHub (default: by .github and the remotes)");
    command.add_flag("--gitlab", init.gitlab, "write the job for GitLab (default: by .gitlab-ci.yml and the remotes)");
    command.footer("Examples:\n  spiritsafe init --diff\n  spiritsafe init\n  spiritsafe init --gitlab");
  }

  void add_doctor() {
    CLI::App& command = *app.add_subcommand(
        "doctor", "is this checkout ready to generate and apply migrations? with a database, what is pending");
    add_paths(command, doctor.judge);
    command
        .add_option("--database-url", doctor.database_url,
                    "ask this database (default: DATABASE_URL; without one, whether a server listens here)")
        ->type_name("URL");
    command
        .add_option("--write-table-sizes", doctor.write_table_sizes,
                    "write which of the database's tables are large and small, for a policy to extend")
        ->type_name("FILE");
    command.add_option("--policy", doctor.judge.policy, "policy file")->type_name("FILE");
    command.add_option("--packs", doctor.judge.packs, "folder of packs in place of the built-in ones")
        ->type_name("DIR");
    command.add_option("--format", doctor.format, "text, json")->check(CLI::IsMember({"text", "json"}));
    command.footer(
        "Examples:\n  spiritsafe doctor\n  spiritsafe doctor backend --database-url "
        "postgresql://app:secret@localhost:5432/app\n  spiritsafe doctor --write-table-sizes spiritsafe-tables.yml\n\n"
        "Exit codes: 0 all is well, 1 something is missing, 2 something cannot be said.");
  }

  void add_facts() {
    CLI::App& command = *app.add_subcommand("facts", "what the engine sees in a migration, as JSON");
    command.add_option("FILE", facts.file, "a revision file")->required()->type_name("");
    command.footer("Example:\n  spiritsafe facts migrations/versions/9c0a_add_email.py | jq '.upgrade[].kind'");
  }

  void add_policy() {
    CLI::App& command = *app.add_subcommand("policy", "check, test, list and document policies");
    command.require_subcommand(1);
    const auto add = [&](const char* name, const char* help, PolicyCommand::Kind kind) {
      CLI::App& part = *command.add_subcommand(name, help);
      part.add_option("--policy", policy.policy, "policy file")->type_name("FILE");
      part.add_option("--packs", policy.packs, "folder of packs in place of the built-in ones")->type_name("DIR");
      part.callback([this, kind] { policy.kind = kind; });
      return &part;
    };
    add("check", "is the policy right? every mistake with its place", PolicyCommand::Kind::check);
    add("test", "run the examples of all rules", PolicyCommand::Kind::test);
    add("list", "the rules with their levels and where those were set", PolicyCommand::Kind::list);
    CLI::App& origin = *add("explain", "which pack, file and line set what", PolicyCommand::Kind::explain);
    origin.add_option("RULE", policy.rule, "a rule's id (default: packs, settings and all changes)")->type_name("");
    origin.footer(
        "Examples:\n  spiritsafe policy explain\n  spiritsafe policy explain drop-column --policy spiritsafe.yml");
    add("schema", "JSON Schema of policy files, for editors", PolicyCommand::Kind::schema);
    add("docs", "the pages of all rules, in Markdown", PolicyCommand::Kind::docs);
  }

  void add_completions() {
    CLI::App& command = *app.add_subcommand("completions", "completion script for a shell");
    command.add_option("SHELL", shell, "bash, zsh or fish")
        ->required()
        ->type_name("")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command.footer("Example:\n  spiritsafe completions bash > ~/.local/share/bash-completion/completions/spiritsafe");
  }

  CompletionTree tree(const CLI::App& command) const {
    CompletionTree out{command.get_name(), command.get_description(), {}, {}};
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        out.options.push_back({"--" + name, option->get_description(), values_of(*option)});
      }
    }
    for (const CLI::App* part : command.get_subcommands([](const CLI::App*) { return true; })) {
      out.commands.push_back(tree(*part));
    }
    return out;
  }
};

std::string suggestion(const Parser& parser, const std::vector<std::string>& arguments) {
  std::vector<std::string_view> names;
  const auto commands = parser.app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : commands) {
    names.push_back(command->get_name());
  }
  for (const std::string& argument : arguments) {
    if (argument.starts_with('-')) {
      continue;
    }
    const std::string_view near = nearest(argument, names);
    return near.empty() || near == argument ? std::string() : fmt::format("    = did you mean `{}`?\n", near);
  }
  return {};
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  const auto parser = std::make_unique<Parser>();
  CLI::App& app = parser->app;
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes them last first
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const int code = app.exit(error, out, err);
    Reply reply{out.str(), {}, Exit::clean};
    if (code != 0) {
      reply.exit = Exit::unusable;
      reply.err = fmt::format("error: {}\n{}    = see `spiritsafe --help`\n", printable(error.what()),
                              suggestion(*parser, arguments));
    }
    options.command = std::move(reply);
    return options;
  }
  options.colour = parser->colour == "always"  ? Options::Colour::always
                   : parser->colour == "never" ? Options::Colour::never
                                               : Options::Colour::automatic;
  if (app.got_subcommand("check")) {
    hold<CheckCommand>(options) = std::move(parser->check);
  } else if (app.got_subcommand("graph")) {
    hold<GraphCommand>(options) = std::move(parser->graph);
  } else if (app.got_subcommand("drift")) {
    hold<DriftCommand>(options) = std::move(parser->drift);
  } else if (app.got_subcommand("schema")) {
    hold<SchemaCommand>(options) = std::move(parser->schema);
  } else if (app.got_subcommand("summary")) {
    hold<SummaryCommand>(options) = std::move(parser->summary);
  } else if (app.got_subcommand("fix")) {
    JudgeArguments& judge = parser->fix.judge;
    judge.all = judge.all || (!judge.paths.empty() && judge.base.empty() && !judge.staged);
    hold<FixCommand>(options) = std::move(parser->fix);
  } else if (app.got_subcommand("baseline")) {
    hold<BaselineCommand>(options) = std::move(parser->baseline);
  } else if (app.got_subcommand("explain")) {
    hold<ExplainCommand>(options) = std::move(parser->explain);
  } else if (app.got_subcommand("diagnose")) {
    hold<DiagnoseCommand>(options) = std::move(parser->diagnose);
  } else if (app.got_subcommand("init")) {
    hold<InitCommand>(options) = std::move(parser->init);
  } else if (app.got_subcommand("doctor")) {
    hold<DoctorCommand>(options) = std::move(parser->doctor);
  } else if (app.got_subcommand("facts")) {
    hold<FactsCommand>(options) = std::move(parser->facts);
  } else if (app.got_subcommand("policy")) {
    hold<PolicyCommand>(options) = std::move(parser->policy);
  } else if (app.got_subcommand("completions")) {
    hold<CompletionsCommand>(options).text = write_completions(parser->tree(app), parser->shell);
  } else {
    hold<Reply>(options) = {app.help(), {}, Exit::unusable};
  }
  return options;
}

}  // namespace spiritsafe
