// SPDX-License-Identifier: Apache-2.0
#include "engine/judge/approvals.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t longest_name = 80;
constexpr size_t most_set_aside = 20;
constexpr std::string_view label_prefix = "label:";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Neither platform tells names, teams and labels apart by case.
bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string shown_name(std::string_view name) { return printable(shortened(name, longest_name)); }

bool is_label(std::string_view member) { return member.starts_with(label_prefix); }

const std::vector<std::string>& members_of(const Policy& policy, const std::string& group) {
  static const std::vector<std::string> nobody;
  const auto found = policy.approvers.find(group);
  return found == policy.approvers.end() ? nobody : found->second;
}

// Is the person named, or one of their teams?
bool is_person_of(const Approval& approval, std::string_view member, const Approvals& approvals) {
  const size_t colon = member.find(':');
  if (is_label(member) || colon == std::string_view::npos || member.substr(0, colon) != approvals.platform) {
    return false;
  }
  const std::string_view name = member.substr(colon + 1);
  return same_name(name, approval.user) ||
         std::ranges::any_of(approval.teams, [&](const std::string& team) { return same_name(name, team); });
}

bool has_people(const std::vector<std::string>& members) {
  return !std::ranges::all_of(members, [](const std::string& member) { return is_label(member); });
}

// A label counts for the groups that name it; where such a group names people too, one of them must have set it.
bool speaks_for(const Approval& approval, const std::vector<std::string>& members, const Approvals& approvals) {
  const bool person = std::ranges::any_of(
      members, [&](const std::string& member) { return is_person_of(approval, member, approvals); });
  if (approval.kind == Approval::Kind::review) {
    return person;
  }
  const bool named = std::ranges::any_of(members, [&](const std::string& member) {
    return is_label(member) && same_name(std::string_view(member).substr(label_prefix.size()), approval.label);
  });
  return named && (has_people(members) ? person : approval.can_write);
}

// Is the label one that any of the groups names?
bool is_asked_for(const Approval& approval, const ApprovalNeed& need) {
  return std::ranges::any_of(need.who, [&](const std::string& member) {
    return is_label(member) && same_name(std::string_view(member).substr(label_prefix.size()), approval.label);
  });
}

bool is_for_this_code(const Approval& approval, const Finding& finding, const Approvals& approvals,
                      std::string_view digest) {
  if (finding.path.empty() || digest.empty()) {
    return !approval.commit.empty() && approval.commit == approvals.head;
  }
  return std::ranges::any_of(approval.digests, [&](const auto& file) { return file.second == digest; });
}

// Why it does not count; empty where it does, and then `group` is the one that it speaks for.
std::string objection(const Approval& approval, const Finding& finding, const ApprovalNeed& need, const Policy& policy,
                      const Approvals& approvals, std::string_view digest, std::string& group) {
  const std::string_view via = approval.kind == Approval::Kind::review ? "review" : "label";
  const auto is_author = [&](const std::string& author) { return same_name(author, approval.user); };
  if (approval.answer != Approval::Answer::approved) {
    return approval.answer == Approval::Answer::dismissed ? "was dismissed" : "asks for changes";
  }
  if (std::ranges::any_of(approvals.authors, is_author)) {
    return "is by an author of the change";
  }
  if (approval.bot) {
    return "is by a bot";
  }
  if (std::ranges::find(need.via, via) == need.via.end()) {
    return fmt::format("is a {}, and a {} is asked for", via, fmt::join(need.via, " or "));
  }
  if (need.by.empty()) {
    if (!approval.can_write) {
      return "is by somebody without write access";
    }
  } else {
    const auto named = std::ranges::find_if(
        need.by, [&](const std::string& each) { return speaks_for(approval, members_of(policy, each), approvals); });
    if (named == need.by.end()) {
      return fmt::format("is by nobody of {}", fmt::join(need.by, ", "));
    }
    group = *named;
  }
  if (!approval.findings.empty() &&
      std::ranges::find(approval.findings, finding.fingerprint) == approval.findings.end()) {
    return "speaks of other findings";
  }
  return is_for_this_code(approval, finding, approvals, digest) ? std::string() : "is for another version of the code";
}

std::string shown_approval(const Approval& approval) {
  return approval.kind == Approval::Kind::review
             ? fmt::format("the review of {}", shown_name(approval.user))
             : fmt::format("the label {} of {}", shown_name(approval.label), shown_name(approval.user));
}

}  // namespace

ApprovalNeed approval_need(const Rule& rule, const Policy& policy) {
  ApprovalNeed need;
  need.by = rule.approval_by;
  need.via = rule.approval_via;
  for (const std::string& group : need.by) {
    for (const std::string& member : members_of(policy, group)) {
      if (std::ranges::find(need.who, member) == need.who.end()) {
        need.who.push_back(member);
      }
    }
  }
  if (need.via.empty()) {
    const bool labels = std::ranges::any_of(need.who, [](const std::string& member) { return is_label(member); });
    need.via = labels ? std::vector<std::string>{"review", "label"} : std::vector<std::string>{"review"};
  }
  return need;
}

ApprovalDecision decide_approval(const Finding& finding, const ApprovalNeed& need, const Policy& policy,
                                 const Approvals& approvals, std::string_view digest) {
  ApprovalDecision decision;
  std::set<std::string> reviewers;
  // The newest first: it is the one that counts of each person, and the one to be named.
  for (auto each = approvals.given.rbegin(); each != approvals.given.rend(); ++each) {
    if (each->kind == Approval::Kind::label && !is_asked_for(*each, need)) {
      continue;  // most labels have nothing to do with approvals
    }
    if (each->kind == Approval::Kind::review) {
      std::string name = each->user;
      std::ranges::transform(name, name.begin(), lower);
      if (!reviewers.insert(std::move(name)).second) {
        continue;
      }
    }
    std::string group;
    const std::string why_not = objection(*each, finding, need, policy, approvals, digest, group);
    if (why_not.empty()) {
      decision.approved = true;
      decision.reason = fmt::format("approved by {}", shown_name(each->user));
      if (!group.empty()) {
        decision.reason += fmt::format(" ({})", shown_name(group));
      }
      decision.set_aside.clear();
      return decision;
    }
    if (decision.set_aside.size() < most_set_aside) {
      decision.set_aside.push_back(fmt::format("{} {}", shown_approval(*each), why_not));
    }
  }
  return decision;
}

std::string show_need(const ApprovalNeed& need) {
  const bool labels = std::ranges::find(need.via, "label") != need.via.end();
  const bool has_label = std::ranges::any_of(need.who, [](const std::string& member) { return is_label(member); });
  const std::string via = fmt::format("{}", fmt::join(need.via, " or "));
  if (need.by.empty()) {
    return labels && need.via.size() == 1 ? "by label, and the rule names no group under `approvers:` that has one"
                                          : fmt::format("anyone with write access but the authors, by review");
  }
  std::vector<std::string> groups, who;
  std::ranges::transform(need.by, std::back_inserter(groups), shown_name);
  std::ranges::transform(need.who, std::back_inserter(who), shown_name);
  if (need.who.empty()) {
    return fmt::format("someone of {}, and the policy's `approvers:` names nobody there", fmt::join(groups, " or "));
  }
  const std::string missing = labels && !has_label && need.via.size() == 1 ? ", and none of them names a label" : "";
  return fmt::format("someone of {} ({}), by {}{}", fmt::join(groups, " or "), fmt::join(who, ", "), via, missing);
}

}  // namespace spiritsafe
