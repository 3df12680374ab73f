// SPDX-License-Identifier: Apache-2.0
#include "adapters/report/facts.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace spiritsafe {
namespace {

using Json = nlohmann::ordered_json;

class Dump {
 public:
  explicit Dump(std::string_view text) : lines_(text) {}

  Json item(Item item) {
    open_.push_back(item.entity);
    Json out = Json::object();
    if (const Span span = item.entity->span(item.pointer); span.end > 0) {
      const Location at = lines_.locate(span.begin);
      out["line"] = at.line;
      out["column"] = at.column;
    }
    for (const Field& field : item.entity->fields) {
      if (leads_back(field)) {
        continue;
      }
      const Value value = field.get(item.pointer);
      if (value.state == State::unknown) {
        out[std::string(field.name)] = {{"unknown", true}};
      } else if (value.state == State::known) {
        out[std::string(field.name)] = known_value(field, value);
      }
    }
    open_.pop_back();
    return out;
  }

 private:
  // Relations to what is being written already, to the project and its files, and a step's operations, which are listed
  // whole.
  bool leads_back(const Field& field) const {
    if (field.type == Type::item) {
      return field.name != "column";
    }
    return field.type == Type::items &&
           (std::ranges::any_of(open_, [&](const Entity* entity) { return entity->name == field.entity; }) ||
            (field.entity == "operation" && open_.size() > 1));
  }

  Json known_value(const Field& field, const Value& value) {
    switch (field.type) {
      case Type::text:
      case Type::choice:
        return value.text;
      case Type::number:
        return value.number;
      case Type::boolean:
        return value.boolean;
      case Type::item:
        return item(value.item);
      case Type::texts: {
        Json list = Json::array();
        for (const Text& text : value.texts) {
          list.push_back(text.is_known()     ? Json(text.value)
                         : text.is_unknown() ? Json{{"unknown", true}}
                                             : Json(nullptr));
        }
        return wrapped(std::move(list), value.open);
      }
      case Type::items: {
        Json list = Json::array();
        for (uint32_t i = 0; i < value.items.count; ++i) {
          list.push_back(item(value.items[i]));
        }
        return wrapped(std::move(list), value.open);
      }
    }
    return nullptr;
  }

  static Json wrapped(Json list, bool open) { return open ? Json{{"open", true}, {"items", std::move(list)}} : list; }

  LineIndex lines_;
  std::vector<const Entity*> open_;
};

}  // namespace

std::string write_facts(Item item, std::string_view text) {
  return Dump(text).item(item).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace spiritsafe
