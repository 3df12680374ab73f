// SPDX-License-Identifier: Apache-2.0
// What stands behind a path: a value, a list of values, or a map of operators, by the type of what the path leads to.
#include <algorithm>

#include <fmt/format.h>

#include "engine/policy/compiler.h"
#include "engine/policy/operators.h"

namespace spiritsafe {
namespace {

// What a matcher is about: a field, the words of a text field, or each text of a list.
struct Subject {
  const Reach* reach = nullptr;
  Type type = Type::text;
  bool words = false;    // the words of the text at `reach`
  bool element = false;  // one text of the list at `reach`
  std::string_view name() const { return reach->name(); }
};

Condition compile_value(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                        const Here& here);

std::string_view quantifiers_for(Type type) {
  return type == Type::items ? "say `some:`, `every:`, `none:`, `count:` or `size:`"
                             : "say `some:`, `every:`, `none:`, `includes:` or `size:`";
}

Condition group(Condition::Kind kind, const YamlNode& at, std::vector<Condition> parts) {
  if (kind == Condition::Kind::all && parts.size() == 1) {
    return std::move(parts.front());
  }
  Condition condition;
  condition.kind = kind;
  condition.place = place_of(at);
  condition.parts = std::move(parts);
  return condition;
}

// The words or truth value that a test asks for, as bits.
uint64_t small_bits(const Matcher& matcher, const Path& path) {
  const Field* field = path.fields.empty() ? nullptr : path.fields.back();
  if (matcher.kind != Matcher::Kind::equals || !field || !field->small || field->choices.size() > most_small) {
    return 0;
  }
  if (field->type == Type::boolean) {
    return matcher.boolean ? 2 : 1;
  }
  uint64_t bits = 0;
  for (const std::string& word : matcher.texts) {
    const auto found = std::ranges::find(field->choices, word);
    bits |= found == field->choices.end() ? 0 : uint64_t{1} << (found - field->choices.begin());
  }
  return bits;
}

Condition leaf(const Subject& subject, const YamlNode& at, Matcher matcher) {
  Condition condition;
  condition.kind = Condition::Kind::test;
  condition.place = place_of(at);
  condition.path = subject.reach->path;
  if (subject.words) {
    condition.matcher.kind = Matcher::Kind::words;
    condition.matcher.inner = std::make_shared<const Matcher>(std::move(matcher));
  } else {
    condition.matcher = std::move(matcher);
    condition.matcher.small = small_bits(condition.matcher, condition.path);
  }
  if (!subject.element) {
    condition.text = describe(condition);
  }
  return condition;
}

Condition nothing(const YamlNode& at) { return group(Condition::Kind::all, at, {}); }

// ---- values --------------------------------------------------------------------------------------------------------

// A scalar may have been written far from where it is used: as a parameter's value, in a list.
std::vector<std::string> with_use(const Compiler& compiler, const YamlNode& value, const YamlNode& used_at,
                                  std::vector<std::string> hints) {
  if (&value != &used_at && (value.line != used_at.line || value.file != used_at.file)) {
    hints.push_back(fmt::format("it is used in {}:{}", compiler.loading.files[used_at.file].path, used_at.line));
  }
  return hints;
}

void check_choice(Compiler& compiler, const Field& field, const YamlNode& value, const YamlNode& used_at) {
  const std::string_view word = literal(value);
  if (std::ranges::find(field.choices, word) == field.choices.end()) {
    std::vector<std::string_view> words(field.choices.begin(), field.choices.end());
    std::vector<std::string> hints = did_you_mean(word, words);
    if (hints.empty()) {
      hints = {fmt::format("it is one of {}", joined(words))};
    }
    fail(compiler.loading, value, fmt::format("`{}` is never `{}`", field.name, shown(word)),
         with_use(compiler, value, used_at, std::move(hints)));
  }
}

std::optional<bool> read_boolean(Compiler& compiler, const Subject& subject, const YamlNode& value,
                                 const YamlNode& used_at) {
  if (value.text == "true" || value.text == "false") {
    return value.text == "true";
  }
  fail(compiler.loading, value, fmt::format("`{}` is true or false, not `{}`", subject.name(), shown(value.text)),
       with_use(compiler, value, used_at, {}));
  return {};
}

std::optional<int64_t> read_number(Compiler& compiler, std::string_view name, const YamlNode& node) {
  const std::optional<Operand> operand = read_operand(compiler.loading, compiler.names, compiler.rule, node, name);
  if (!operand) {
    return {};
  }
  if (operand->list || operand->values.size() != 1) {
    fail(compiler.loading, node, fmt::format("`{}` is one number, not a list", name));
    return {};
  }
  const YamlNode& value = *operand->values[0];
  const std::optional<int64_t> number = parse_integer(value.text);
  if (!number) {
    fail(compiler.loading, value, fmt::format("`{}` is a number, not `{}`", name, shown(value.text)),
         with_use(compiler, value, node, {}));
  }
  return number;
}

// Numbers and booleans of a list are alternatives, each a test of its own.
Condition alternatives(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& used_at,
                       const Operand& operand) {
  std::vector<Condition> parts;
  for (const YamlNode* value : operand.values) {
    Matcher matcher;
    if (subject.type == Type::boolean) {
      const std::optional<bool> boolean = read_boolean(compiler, subject, *value, used_at);
      matcher.boolean = boolean.value_or(false);
    } else {
      matcher.kind = Matcher::Kind::number;
      matcher.range.equal = parse_integer(value->text);
      if (!matcher.range.equal) {
        fail(compiler.loading, *value, fmt::format("`{}` is a number, not `{}`", subject.name(), shown(value->text)),
             with_use(compiler, *value, used_at, {}));
      }
    }
    parts.push_back(leaf(subject, key, std::move(matcher)));
  }
  return parts.size() == 1 ? std::move(parts.front()) : group(Condition::Kind::any, key, std::move(parts));
}

Condition equals(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value) {
  if (subject.type == Type::items || subject.type == Type::texts) {
    fail(compiler.loading, value,
         fmt::format("`{}` is {}, and a list is never equal to a value", subject.name(), article_name(subject.type)),
         {std::string(quantifiers_for(subject.type))});
    return nothing(key);
  }
  if (subject.type == Type::item) {
    fail(compiler.loading, value,
         fmt::format("`{}` is one {}, not a value", subject.name(), subject.reach->entity->name),
         {fmt::format("ask about one of its fields: {}: {{field: …}}", subject.name())});
    return nothing(key);
  }
  if (value.is_list() && value.count == 0) {
    fail(compiler.loading, value, fmt::format("an empty list: `{}` is never one of nothing", subject.name()));
    return nothing(key);
  }
  const std::optional<Operand> operand =
      read_operand(compiler.loading, compiler.names, compiler.rule, value, subject.name());
  if (!operand) {
    return nothing(key);
  }
  if (subject.type == Type::boolean || subject.type == Type::number) {
    return alternatives(compiler, subject, key, value, *operand);
  }
  Matcher matcher;
  matcher.texts.reserve(operand->values.size());
  for (const YamlNode* text : operand->values) {
    if (subject.type == Type::choice) {
      check_choice(compiler, *subject.reach->field, *text, value);
    }
    matcher.texts.emplace_back(literal(*text));
  }
  return leaf(subject, key, std::move(matcher));
}

// ---- numbers -------------------------------------------------------------------------------------------------------

bool set_bound(Compiler& compiler, Range& range, std::string_view name, const YamlNode& value) {
  std::optional<int64_t>* const bound = name == "less_than"   ? &range.less_than
                                        : name == "at_most"   ? &range.at_most
                                        : name == "more_than" ? &range.more_than
                                        : name == "at_least"  ? &range.at_least
                                                              : nullptr;
  if (bound) {
    *bound = read_number(compiler, name, value);
  }
  return bound != nullptr;
}

// `3` or `{at_least: 2, less_than: 9}`.
Range read_range(Compiler& compiler, std::string_view name, const YamlNode& node) {
  Range range;
  if (!node.is_map()) {
    range.equal = read_number(compiler, name, node);
    return range;
  }
  check_keys(compiler.loading, node, fmt::format("`{}`", name), {bound_names.begin(), bound_names.end()});
  for (const YamlEntry& entry : node.entries()) {
    set_bound(compiler, range, entry.key.text, entry.value);
  }
  if (node.count == 0) {
    fail(compiler.loading, node, fmt::format("`{}` needs a number or a bound", name));
  }
  return range;
}

// ---- operators -----------------------------------------------------------------------------------------------------

Condition compile_is(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value) {
  static const std::vector<std::string_view> words = {"absent", "present", "known", "unknown"};
  Matcher matcher;
  const std::optional<size_t> index = read_word(compiler.loading, &value, "is", words);
  matcher.kind = static_cast<Matcher::Kind>(static_cast<size_t>(Matcher::Kind::is_absent) + index.value_or(0));
  return leaf(subject, key, std::move(matcher));
}

bool comparable(const Subject& subject, const Reach& other) {
  const auto texty = [](Type type) { return type == Type::text || type == Type::choice; };
  return subject.type == other.type ? subject.type != Type::item || subject.reach->entity == other.entity
                                    : texty(subject.type) && texty(other.type);
}

// The map stands in the words of both sides: a mistyped one would never match.
void check_map(Compiler& compiler, const NamedMap& map, const Subject& subject, const Reach& other) {
  for (const YamlEntry& entry : map.entry->value.entries()) {
    if (is_extension(entry.key.text) || compiler.loading.files[entry.key.file].checked) {
      continue;
    }
    if (other.type == Type::choice) {
      check_choice(compiler, *other.field, entry.key, entry.key);
    }
    if (subject.type == Type::choice && entry.value.is_scalar()) {
      check_choice(compiler, *subject.reach->field, entry.value, entry.value);
    }
  }
}

Condition compile_same_as(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                          const YamlNode* through, const Here& here) {
  if (!value.is_scalar()) {
    fail(compiler.loading, value, "`same_as` is a path, such as operation.table");
    return nothing(key);
  }
  const std::optional<Reach> other = resolve_path(compiler, value, value.text, 0, here);
  if (!other) {
    return nothing(key);
  }
  if (subject.type == Type::texts || subject.type == Type::items) {
    fail(compiler.loading, key,
         fmt::format("`{}` is {}, and `same_as` compares single values", subject.name(), article_name(subject.type)),
         {"say `same_items_as:` for lists of texts"});
    return nothing(key);
  }
  if (!comparable(subject, *other)) {
    fail(compiler.loading, value,
         fmt::format("`{}` is {} and `{}` is {}: they are never the same", subject.name(), article_name(subject.type),
                     other->path.text, article_name(other->type)));
    return nothing(key);
  }
  Matcher matcher;
  matcher.kind = Matcher::Kind::same_as;
  matcher.other = other->path;
  if (through && through->is_scalar()) {
    const std::string_view name = through->text.starts_with('$') ? through->text.substr(1) : through->text;
    const auto map = compiler.names.maps.find(name);
    if (map == compiler.names.maps.end()) {
      std::vector<std::string_view> known;
      for (const auto& [each, ignored] : compiler.names.maps) {
        known.push_back(each);
      }
      std::ranges::sort(known);
      fail_name(compiler.loading, *through, fmt::format("no map is called `{}`", shown(name)),
                did_you_mean(name, known));
      return nothing(key);
    }
    check_map(compiler, map->second, subject, *other);
    matcher.through = map->second.texts;
  }
  return leaf(subject, key, std::move(matcher));
}

Condition compile_text_operator(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                                Matcher::Kind kind) {
  const std::optional<Operand> operand = read_operand(compiler.loading, compiler.names, compiler.rule, value, key.text);
  if (!operand) {
    return nothing(key);
  }
  // Several texts are alternatives, as everywhere.
  std::vector<Condition> parts;
  for (const YamlNode* text : operand->values) {
    Matcher matcher;
    matcher.kind = kind;
    if (kind == Matcher::Kind::matches) {
      matcher.pattern = compile_pattern(compiler.loading, *text);
    } else {
      matcher.texts.emplace_back(literal(*text));
    }
    parts.push_back(leaf(subject, key, std::move(matcher)));
  }
  if (parts.empty()) {
    if (value.is_list()) {
      fail(compiler.loading, value, fmt::format("`{}` has an empty list", key.text));
    }
    return group(Condition::Kind::any, key, {});
  }
  return parts.size() == 1 ? std::move(parts.front()) : group(Condition::Kind::any, key, std::move(parts));
}

// A tree of conditions on one text, as the matcher inside `some:`, `every:` and `none:`.
Matcher matcher_of(Condition condition) {
  if (condition.kind == Condition::Kind::test) {
    return std::move(condition.matcher);
  }
  Matcher matcher;
  if (condition.kind == Condition::Kind::negation) {
    matcher.kind = Matcher::Kind::negation;
    matcher.inner = std::make_shared<const Matcher>(matcher_of(std::move(condition.parts.front())));
    return matcher;
  }
  matcher.kind = Matcher::Kind::all_of;
  const bool any = condition.kind == Condition::Kind::any;
  for (Condition& part : condition.parts) {
    Matcher inner = matcher_of(std::move(part));
    if (any) {  // a or b: not (not a and not b)
      Matcher negated;
      negated.kind = Matcher::Kind::negation;
      negated.inner = std::make_shared<const Matcher>(std::move(inner));
      inner = std::move(negated);
    }
    matcher.parts.push_back(std::move(inner));
  }
  if (!any) {
    return matcher;
  }
  Matcher negated;
  negated.kind = Matcher::Kind::negation;
  negated.inner = std::make_shared<const Matcher>(std::move(matcher));
  return negated;
}

Condition compile_quantifier(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                             const Here& here, Matcher::Kind kind) {
  Matcher matcher;
  matcher.kind = kind;
  if (subject.type == Type::texts) {
    Subject element = subject;
    element.type = Type::text;
    element.element = true;
    element.words = false;
    if (value.is_map() && value.count == 0) {
      fail(compiler.loading, key, fmt::format("`{}` says nothing about the texts", key.text));
      return nothing(key);
    }
    Condition inner = compile_value(compiler, element, key, value, here);
    matcher.inner_negated = inner.kind == Condition::Kind::negation;
    matcher.inner = std::make_shared<const Matcher>(
        matcher_of(matcher.inner_negated ? std::move(inner.parts.front()) : std::move(inner)));
    return leaf(subject, key, std::move(matcher));
  }
  if (!value.is_map()) {
    fail(compiler.loading, value,
         fmt::format("`{}:` holds conditions on each {}", key.text, subject.reach->entity->name),
         {fmt::format("e.g. {}: {{{}: …}}", key.text, subject.reach->entity->fields.front().name)});
    return nothing(key);
  }
  int slot = -1;
  Here inside{subject.reach->entity, &slot, here.only_in};
  if (kind != Matcher::Kind::some && inside.only_in.empty()) {
    inside.only_in = key.text;
  }
  const size_t outside = compiler.captures.size();
  if (const YamlNode* as = value.find("as")) {
    if (kind != Matcher::Kind::some) {
      fail(compiler.loading, value.find_entry("as")->key, "`as:` names an item only under `some:`");
    } else {
      add_capture(compiler, *as, *inside.entity, slot);
    }
  }
  matcher.block = std::make_shared<const Condition>(compile_block(compiler, value, inside));
  matcher.slot = slot;
  if (kind != Matcher::Kind::some) {
    leave_part(compiler, outside, key.text);
  }
  return leaf(subject, key, std::move(matcher));
}

Condition compile_count(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                        const Here& here) {
  std::vector<std::string_view> keys = {"where", "distinct"};
  keys.insert(keys.end(), bound_names.begin(), bound_names.end());
  if (!check_keys(compiler.loading, value, "`count`", keys)) {
    return nothing(key);
  }
  int slot = -1;
  const Here inside{subject.reach->entity, &slot, here.only_in.empty() ? key.text : here.only_in};
  const size_t outside = compiler.captures.size();
  Matcher matcher;
  matcher.kind = Matcher::Kind::count;
  bool bounded = false;
  for (const YamlEntry& entry : value.entries()) {
    if (entry.key.text == "where") {
      matcher.block = std::make_shared<const Condition>(compile_block(compiler, entry.value, inside));
    } else if (entry.key.text == "distinct" && entry.value.is_scalar()) {
      const std::optional<Reach> distinct = resolve_path(compiler, entry.value, entry.value.text, 0, inside);
      if (distinct && distinct->type != Type::text && distinct->type != Type::choice &&
          distinct->type != Type::number) {
        fail(compiler.loading, entry.value,
             fmt::format("`distinct` is the path of a single value, and `{}` is {}", distinct->name(),
                         article_name(distinct->type)));
      } else if (distinct) {
        matcher.distinct = distinct->path;
      }
    } else {
      bounded = set_bound(compiler, matcher.range, entry.key.text, entry.value) || bounded;
    }
  }
  leave_part(compiler, outside, key.text);
  if (!matcher.block) {
    matcher.block = std::make_shared<const Condition>(nothing(key));
  }
  if (!bounded) {
    fail(compiler.loading, key, "`count` needs a bound", {"say `less_than:`, `at_most:`, `more_than:` or `at_least:`"});
  }
  matcher.slot = slot;
  return leaf(subject, key, std::move(matcher));
}

// `words: {size: 3, every: …}`: each a test of the words, as for a list of texts.
Condition compile_words(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                        const Here& here) {
  if (!value.is_map()) {
    fail(compiler.loading, value, "`words` is list of texts, and a list is never equal to a value",
         {std::string(quantifiers_for(Type::texts))});
    return nothing(key);
  }
  Subject words = subject;
  words.type = Type::texts;
  words.words = true;
  return compile_value(compiler, words, key, value, here);
}

Condition compile_list_comparison(Compiler& compiler, const Subject& subject, const YamlNode& key,
                                  const YamlNode& value, const Here& here) {
  Matcher matcher;
  matcher.kind = Matcher::Kind::same_items_as;
  if (value.is_scalar()) {
    if (const std::optional<Reach> other = resolve_path(compiler, value, value.text, 0, here)) {
      if (other->type != Type::texts) {
        fail(compiler.loading, value,
             fmt::format("`same_items_as` needs a list of texts, and `{}` is {}", other->path.text,
                         article_name(other->type)));
      }
      matcher.other = other->path;
    }
  } else {
    fail(compiler.loading, value, "`same_items_as` is a path, such as operation.columns");
  }
  return leaf(subject, key, std::move(matcher));
}

Condition compile_ranged(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                         Matcher::Kind kind) {
  Matcher matcher;
  matcher.kind = kind;
  matcher.range = read_range(compiler, key.text, value);
  return leaf(subject, key, std::move(matcher));
}

Condition compile_includes(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value) {
  Matcher matcher;
  matcher.kind = Matcher::Kind::includes;
  const std::optional<Operand> operand = read_operand(compiler.loading, compiler.names, compiler.rule, value, key.text);
  if (operand) {
    for (const YamlNode* text : operand->values) {
      matcher.texts.emplace_back(literal(*text));
    }
  }
  return leaf(subject, key, std::move(matcher));
}

Condition compile_duplicates(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value) {
  Matcher matcher;
  matcher.kind = Matcher::Kind::duplicates;
  if (value.text == "true" || value.text == "false") {
    matcher.boolean = value.text == "true";
  } else {
    fail(compiler.loading, value, "`duplicates` is true or false");
  }
  return leaf(subject, key, std::move(matcher));
}

Condition compile_not(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                      const Here& here) {
  Here inside = here;
  inside.only_in = here.only_in.empty() ? key.text : here.only_in;
  const size_t outside = compiler.captures.size();
  std::vector<Condition> parts;
  parts.push_back(compile_value(compiler, subject, key, value, inside));
  leave_part(compiler, outside, key.text);
  return group(Condition::Kind::negation, key, std::move(parts));
}

void fail_operator(Compiler& compiler, const Subject& subject, const YamlNode& key) {
  const std::vector<std::string_view> known = operators_for(subject.type);
  std::vector<std::string> hints = did_you_mean(key.text, known);
  const bool list = subject.type == Type::items || subject.type == Type::texts;
  if (list && hints.empty()) {
    const bool field =
        subject.type == Type::items && find_field(*subject.reach->entity, key.text.substr(0, key.text.find('.')));
    hints = {field ? fmt::format("say `some:`, `every:`, `none:` or `count:` — e.g. {}: {{some: {{{}: …}}}}",
                                 subject.reach->path.text, shown(key.text))
                   : std::string(quantifiers_for(subject.type))};
  } else if (hints.empty()) {
    hints = {fmt::format("it can be asked by {}", joined(known))};
  }
  fail(compiler.loading, key,
       fmt::format("`{}` is {}, which has no `{}`", subject.words ? "words" : subject.name(),
                   article_name(subject.type), shown(key.text)),
       std::move(hints));
}

Condition compile_operator(Compiler& compiler, const Subject& subject, const YamlEntry& entry,
                           const YamlNode& operators, const Here& here) {
  const YamlNode& key = entry.key;
  const YamlNode& value = entry.value;
  const Operator* row = find_operator(key.text, subject.type);
  if (!row) {
    fail_operator(compiler, subject, key);
    return nothing(key);
  }
  if (value.kind == YamlNode::Kind::empty) {
    fail(compiler.loading, key, fmt::format("`{}` has no value", key.text));
    return nothing(key);
  }
  using Kind = Matcher::Kind;
  switch (row->kind) {
    case OperatorKind::is:
      return compile_is(compiler, subject, key, value);
    case OperatorKind::negation:
      return compile_not(compiler, subject, key, value, here);
    case OperatorKind::same_as:
      return compile_same_as(compiler, subject, key, value, operators.find("through"), here);
    case OperatorKind::through:
      if (!operators.find("same_as")) {
        fail(compiler.loading, key, "`through` stands beside `same_as`");
      }
      return nothing(key);
    case OperatorKind::matches:
      return compile_text_operator(compiler, subject, key, value, Kind::matches);
    case OperatorKind::contains:
      return compile_text_operator(compiler, subject, key, value, Kind::contains);
    case OperatorKind::starts_with:
      return compile_text_operator(compiler, subject, key, value, Kind::starts_with);
    case OperatorKind::ends_with:
      return compile_text_operator(compiler, subject, key, value, Kind::ends_with);
    case OperatorKind::one_of:
      return equals(compiler, subject, key, value);
    case OperatorKind::length:
      return compile_ranged(compiler, subject, key, value, Kind::length);
    case OperatorKind::words:
      return compile_words(compiler, subject, key, value, here);
    case OperatorKind::bound:
      return nothing(key);  // all bounds together: compile_bounds
    case OperatorKind::some:
      return compile_quantifier(compiler, subject, key, value, here, Kind::some);
    case OperatorKind::every:
      return compile_quantifier(compiler, subject, key, value, here, Kind::every);
    case OperatorKind::none:
      return compile_quantifier(compiler, subject, key, value, here, Kind::none);
    case OperatorKind::count:
      return compile_count(compiler, subject, key, value, here);
    case OperatorKind::size:
      return compile_ranged(compiler, subject, key, value, Kind::size);
    case OperatorKind::includes:
      return compile_includes(compiler, subject, key, value);
    case OperatorKind::same_items_as:
      return compile_list_comparison(compiler, subject, key, value, here);
    case OperatorKind::duplicates:
      return compile_duplicates(compiler, subject, key, value);
  }
  return nothing(key);
}

void compile_bounds(Compiler& compiler, const Subject& subject, const YamlNode& operators,
                    std::vector<Condition>& parts) {
  Matcher matcher;
  matcher.kind = Matcher::Kind::number;
  const YamlNode* first = nullptr;
  for (const YamlEntry& entry : operators.entries()) {
    if (subject.type == Type::number && set_bound(compiler, matcher.range, entry.key.text, entry.value) && !first) {
      first = &entry.key;
    }
  }
  if (first) {
    parts.push_back(leaf(subject, *first, std::move(matcher)));
  }
}

// Conditions on the one item that a path leads to; `is`, `same_as` and `not` beside them are operators.
Condition compile_item(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                       const Here& here) {
  std::vector<Condition> parts;
  bool fields = value.count == 0;
  for (const YamlEntry& entry : value.entries()) {
    if (find_operator(entry.key.text, Type::item) && entry.key.text != "not") {
      parts.push_back(compile_operator(compiler, subject, entry, value, here));
    } else {
      fields = true;
    }
  }
  if (fields) {
    int slot = -1;
    Matcher matcher;
    matcher.kind = Matcher::Kind::block;
    matcher.block =
        std::make_shared<const Condition>(compile_block(compiler, value, {subject.reach->entity, &slot, here.only_in}));
    matcher.slot = slot;
    parts.push_back(leaf(subject, key, std::move(matcher)));
  }
  std::erase_if(parts, [](const Condition& part) { return part.kind == Condition::Kind::all && part.parts.empty(); });
  return group(Condition::Kind::all, key, std::move(parts));
}

Condition compile_value(Compiler& compiler, const Subject& subject, const YamlNode& key, const YamlNode& value,
                        const Here& here) {
  if (!value.is_map()) {
    return equals(compiler, subject, key, value);
  }
  if (subject.type == Type::item) {
    return compile_item(compiler, subject, key, value, here);
  }
  if (value.count == 0) {
    fail(compiler.loading, value, fmt::format("nothing is asked about `{}`", subject.name()));
  }
  std::vector<Condition> parts;
  parts.reserve(value.count);
  for (const YamlEntry& entry : value.entries()) {
    if (!is_extension(entry.key.text)) {
      Condition part = compile_operator(compiler, subject, entry, value, here);
      if (part.kind != Condition::Kind::all || !part.parts.empty()) {
        parts.push_back(std::move(part));
      }
    }
  }
  compile_bounds(compiler, subject, value, parts);
  return group(Condition::Kind::all, key, std::move(parts));
}

}  // namespace

Condition compile_matcher(Compiler& compiler, const Reach& reach, const YamlNode& key, const YamlNode& value,
                          const Here& here) {
  if (value.kind == YamlNode::Kind::empty) {
    fail(compiler.loading, key, fmt::format("`{}` has no value", shown(key.text)),
         {"for an argument that is not written say `{is: absent}`"});
    return nothing(key);
  }
  return compile_value(compiler, {&reach, reach.type, false, false}, key, value, here);
}

}  // namespace spiritsafe
