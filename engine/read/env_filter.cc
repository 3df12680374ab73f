// SPDX-License-Identifier: Apache-2.0
// What env.py's include_object or include_name may leave out: where its function compares its arguments with constants
// and returns, only what fails these comparisons.
#include <algorithm>
#include <string>
#include <vector>

#include "engine/read/model_types.h"

namespace spiritsafe {
namespace {

using namespace python;

constexpr size_t most_cases = 64;
constexpr int deepest = 30;

// Any of these; none: never.
using Cases = std::vector<LeftOut>;

Cases always() { return {LeftOut{}}; }

// Both hold. What is too much to tell apart is told as one of them alone, which is more.
Cases both(const Cases& one, const Cases& other) {
  if (one.size() * other.size() > most_cases) {
    return one;
  }
  Cases cases;
  for (const LeftOut& first : one) {
    for (const LeftOut& second : other) {
      LeftOut merged = first;
      bool possible = true;
      for (Text LeftOut::*part : {&LeftOut::type, &LeftOut::name, &LeftOut::schema}) {
        const bool asked = (second.*part).is_known();
        possible = possible && !(asked && (first.*part).is_known() && (first.*part).value != (second.*part).value);
        merged.*part = asked ? second.*part : first.*part;
      }
      if (possible) {
        cases.push_back(merged);
      }
    }
  }
  return cases;
}

Cases either(Cases one, const Cases& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one.size() > most_cases ? always() : one;
}

struct Filter {
  ModuleSet& in;
  const Visible& names;
  std::vector<std::string_view> parameters = {};  // of include_object(object, name, type_, …)
  bool has_object = true;                         // else of include_name(name, type_, …)
  Cases left_out = {};
  int depth = 0;

  std::string_view parameter(size_t place) const {
    return place < parameters.size() ? parameters[place] : std::string_view();
  }

  // What of the arguments an expression is; nullptr: something else.
  Text LeftOut::*part_of(const Expr* expression) const {
    const auto is = [](const Expr* one, std::string_view name) {
      const Name* found = as<Name>(one);
      return found && !name.empty() && found->id == name;
    };
    const size_t first = has_object ? 1 : 0;
    const Attribute* attribute = as<Attribute>(expression);
    return is(expression, parameter(first))       ? &LeftOut::name
           : is(expression, parameter(first + 1)) ? &LeftOut::type
           : has_object && attribute && attribute->attr == "schema" && is(attribute->value, parameter(0))
               ? &LeftOut::schema
               : nullptr;
  }

  // The texts of a constant or of a collection of them; nothing: it is something else.
  std::vector<Text> texts_of(const Expr* expression, bool collection) {
    const Name* name = as<Name>(expression);
    if (name && std::ranges::find(parameters, name->id) != parameters.end()) {
      return {};
    }
    const Seen seen = follow(in, names, expression);
    const Set* set = seen.kind == SeenKind::expression ? as<Set>(seen.expression) : nullptr;
    std::vector<SeenArgument> items;
    for (const Expr* item : set&& collection ? set->elts : Sequence<Expr*>{}) {
      items.push_back({{}, follow(in, *seen.names, item), item, item->span});
    }
    if (!collection) {
      items.push_back({{}, seen, expression, expression->span});
    } else if (!set && !items_of(in, seen, items)) {
      return {};
    }
    std::vector<Text> texts;
    for (const SeenArgument& item : items) {
      if (item.value.kind != SeenKind::text) {
        return {};
      }
      texts.push_back(known(in.kept.copy(item.value.text)));
    }
    return texts;
  }

  // When a comparison may come out so.
  Cases when(const Compare& compare, bool wanted) {
    if (compare.ops.size() != 1) {
      return always();
    }
    const CompareOperator op = compare.ops[0];
    const bool is_in = op == CompareOperator::In || op == CompareOperator::NotIn;
    if (!is_in && op != CompareOperator::Eq && op != CompareOperator::NotEq) {
      return always();
    }
    const bool negated = op == CompareOperator::NotEq || op == CompareOperator::NotIn;
    const Expr *left = compare.left, *right = compare.comparators[0];
    if (!is_in && !part_of(left)) {
      std::swap(left, right);
    }
    Text LeftOut::*part = part_of(left);
    const std::vector<Text> texts = part ? texts_of(right, is_in) : std::vector<Text>();
    if (texts.empty() || wanted == negated || texts.size() > most_cases) {
      return always();
    }
    Cases cases;
    for (const Text& text : texts) {
      cases.emplace_back().*part = text;
    }
    return cases;
  }

  // When an expression may be true, or false.
  Cases when(const Expr* expression, bool wanted) {
    if (++depth > deepest) {
      --depth;
      return always();
    }
    Cases cases = always();
    if (const BoolOp* operation = as<BoolOp>(expression)) {
      const bool all = (operation->op == BoolOperator::And) == wanted;
      cases = all ? always() : Cases{};
      for (const Expr* value : operation->values) {
        cases = all ? both(cases, when(value, wanted)) : either(cases, when(value, wanted));
      }
    } else if (const UnaryOp* negation = as<UnaryOp>(expression); negation && negation->op == UnaryOperator::Not) {
      cases = when(negation->operand, !wanted);
    } else if (const Compare* compare = as<Compare>(expression)) {
      cases = when(*compare, wanted);
    } else if (const Constant* constant = as<Constant>(expression)) {
      const bool is_true = constant->value_kind == ConstantKind::True;
      const bool is_false = constant->value_kind == ConstantKind::False || constant->value_kind == ConstantKind::None;
      cases = (is_true && !wanted) || (is_false && wanted) ? Cases{} : always();
    }
    --depth;
    return cases;
  }

  void leave_out(const Cases& cases) { left_out = either(std::move(left_out), cases); }

  // In which cases the end of the statements is reached, if their beginning is in those.
  Cases run(Sequence<Stmt*> statements, Cases reached) {
    if (++depth > deepest) {
      leave_out(always());
      --depth;
      return {};
    }
    for (const Stmt* statement : statements) {
      if (const Return* returning = as<Return>(statement)) {
        leave_out(returning->value ? both(reached, when(returning->value, false)) : reached);
        reached.clear();
      } else if (const If* branch = as<If>(statement)) {
        Cases ends = run(branch->body, both(reached, when(branch->test, true)));
        reached = either(std::move(ends), run(branch->orelse, both(reached, when(branch->test, false))));
      } else if (as<Raise>(statement)) {
        reached.clear();
      } else if (!as<ExprStmt>(statement) && !as<Pass>(statement)) {
        leave_out(always());  // its names may stand for something else from here on
        reached.clear();
      }
      if (reached.empty()) {
        break;
      }
    }
    --depth;
    return reached;
  }
};

}  // namespace

std::span<const LeftOut> read_filter(ModuleSet& in, PyModule& env, const Expr* function, bool has_object) {
  const Visible outside{&env};
  const Seen seen = follow(in, outside, function);
  const auto* lambda = seen.kind == SeenKind::expression ? as<Lambda>(seen.expression) : nullptr;
  const Arguments* parameters = lambda ? lambda->args : seen.kind == SeenKind::function ? seen.parameters : nullptr;
  if (!parameters || !seen.names || (!lambda && !seen.definition)) {
    return in.kept.copy(always());
  }
  Filter filter{in, *seen.names, {}, has_object};
  for (const Arg& parameter : parameters->args) {
    filter.parameters.push_back(parameter.arg);
  }
  filter.leave_out(lambda ? filter.when(lambda->body, false) : filter.run(seen.definition->body, always()));
  return in.kept.copy(filter.left_out);
}

}  // namespace spiritsafe
