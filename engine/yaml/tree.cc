// SPDX-License-Identifier: Apache-2.0
#include "engine/yaml/tree.h"

#include <istream>
#include <streambuf>
#include <string>
#include <unordered_map>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "engine/text/printable.h"

namespace spiritsafe {
namespace {

constexpr size_t most_errors = 100;
constexpr size_t most_merged = 100'000;  // entries that merge keys may bring in
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// yaml-cpp reads from a stream; this one reads where the text lies.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // a get area is never written to
    setg(begin, begin, begin + text.size());
  }
};

// Ends the parse; the error was noted.
struct Stop {};

// A list or map whose end has not come yet.
struct Open {
  YamlNode node = {};
  std::vector<YamlNode> items = {};     // of a list
  std::vector<YamlEntry> entries = {};  // of a map
  bool has_key = false;                 // the last entry waits for its value
  YAML::anchor_t anchor = 0;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view path, std::string_view text, uint16_t file, Arena& arena, YamlDialect dialect)
      : strict_(dialect == YamlDialect::policy),
        path_(path),
        text_(text),
        offset_(text.starts_with(byte_order_mark) ? 3 : 0),
        file_(file),
        arena_(arena),
        lines_(text) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1 && strict_) {
      fail(span_at(mark, 3), "a policy file holds one YAML document, and here a second one begins",
           {"put it into a file of its own"});
      throw Stop{};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    // yaml-cpp says null both where nothing stands and where `null` or `~` does, and those are texts like any other.
    const std::string_view rest = text_.substr(std::min(text_.size(), position(mark)));
    for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
      if (rest.starts_with(word) &&
          (rest.size() == word.size() ||
           std::string_view(" \t\r\n,]}:#").find(rest[word.size()]) != std::string_view::npos)) {
        return OnScalar(mark, "?", anchor, std::string(word));
      }
    }
    refuse_anchor(mark, anchor);
    YamlNode node = node_at(YamlNode::Kind::empty, mark);
    if (!open_.empty() && open_.back().has_key) {
      // The mark is that of whatever comes next: point to the key.
      const YamlNode& key = open_.back().entries.back().key;
      node.line = key.line;
      node.column = key.column;
      node.span = key.span;
    }
    add(node);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (!strict_) {
      const auto named = anchors_.find(anchor);  // nothing there: an alias inside of what it names
      return add(named == anchors_.end() ? node_at(YamlNode::Kind::empty, mark) : named->second);
    }
    fail(span_at(mark, word_length(mark)), "aliases are not part of a policy's YAML",
         {"name what is used twice under `lists:` or `conditions:`"});
    add(node_at(YamlNode::Kind::empty, mark));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    YamlNode node = node_at(YamlNode::Kind::scalar, mark);
    node.text = arena_.copy(value);
    set_extent(node);
    name(anchor, node);
    add(node);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(YamlNode::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(YamlNode::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

  // What yaml-cpp cannot read.
  void broken(const YAML::Mark& mark, std::string message);

  std::string_view text_without_mark() const { return text_.substr(offset_); }
  const YamlNode& root() const { return root_; }
  Errors& errors() { return errors_; }

 private:
  size_t position(const YAML::Mark& mark) const { return mark.pos < 0 ? 0 : static_cast<size_t>(mark.pos) + offset_; }

  Span span_at(const YAML::Mark& mark, size_t length) const {
    const size_t begin = std::min(position(mark), text_.size());
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(std::min(begin + length, text_.size()))};
  }

  size_t word_length(const YAML::Mark& mark) const {
    const std::string_view rest = text_.substr(std::min(text_.size(), position(mark)));
    return std::min(rest.find_first_of(" \t\r\n,]}"), rest.size());
  }

  YamlNode node_at(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode node;
    node.kind = kind;
    node.file = file_;
    node.span = span_at(mark, 0);
    const Location at = lines_.locate(node.span.begin);
    node.line = at.line;
    node.column = at.column;
    return node;
  }

  // Style and end of a scalar. The events do not tell them, but the character at its start does.
  void set_extent(YamlNode& node) {
    const std::string_view rest = text_.substr(node.span.begin);
    size_t length = 0;
    if (rest.starts_with('\'') || rest.starts_with('"')) {
      const char quote = rest[0];
      node.style = quote == '"' ? YamlNode::Style::double_quoted : YamlNode::Style::single_quoted;
      for (length = 1; length < rest.size() && rest[length] != quote; ++length) {
        if (quote == '"' && rest[length] == '\\') {
          ++length;
        } else if (quote == '\'' && rest.substr(length + 1).starts_with("''")) {
          length += 2;
        }
      }
      if (length >= rest.size()) {  // yaml-cpp takes the end of the file for the quote
        fail({node.span.begin, node.span.begin + 1}, "a quoted text has no end");
      }
      length = std::min(length + 1, rest.size());
    } else if (rest.starts_with('|') || rest.starts_with('>')) {
      node.style = YamlNode::Style::block;
      length = 1;
    } else {
      while (length < rest.size() && length < node.text.size() && rest[length] == node.text[length]) {
        ++length;
      }
    }
    node.span.end = node.span.begin + static_cast<uint32_t>(length);
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0 && strict_) {
      fail(span_at(mark, 0), "anchors are not part of a policy's YAML",
           {"name what is used twice under `lists:` or `conditions:`"});
    }
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (strict_ && !tag.empty() && tag != "?" && tag != "!") {
      fail(span_at(mark, 0), "tags are not part of a policy's YAML",
           {"leave it out: a value is read as its field wants it, so that `no` and `1e10` stay texts"});
    }
  }

  void start(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (open_.size() >= deepest_policy) {
      fail(span_at(mark, 0), fmt::format("lists and maps stand more than {} deep in each other", deepest_policy));
      throw Stop{};
    }
    open_.push_back({node_at(kind, mark), {}, {}, false, anchor});
  }

  void end() {
    Open open = std::move(open_.back());
    open_.pop_back();
    YamlNode& node = open.node;
    if (node.kind == YamlNode::Kind::list) {
      node.count = static_cast<uint32_t>(open.items.size());
      node.first_item = arena_.copy(open.items).data();
    } else {
      strict_ ? refuse_duplicates(open.entries) : merge(open.entries);
      node.count = static_cast<uint32_t>(open.entries.size());
      node.first_entry = arena_.copy(open.entries).data();
    }
    name(open.anchor, node);
    add(node);
  }

  void name(YAML::anchor_t anchor, const YamlNode& node) {
    if (anchor != 0) {
      anchors_[anchor] = node;
    }
  }

  // What `<<` names comes behind what is written, so that what is written counts.
  void merge(std::vector<YamlEntry>& entries) {
    std::vector<YamlEntry> merged;
    const auto take = [&](const YamlNode& node) {
      for (const YamlEntry& entry : node.entries()) {
        if (++merged_ > most_merged) {
          throw Stop{};
        }
        merged.push_back(entry);
      }
    };
    for (const YamlEntry& entry : entries) {
      if (entry.key.text == "<<") {
        take(entry.value);
        for (const YamlNode& item : entry.value.items()) {
          take(item);
        }
      }
    }
    entries.insert(entries.end(), merged.begin(), merged.end());
  }

  void refuse_duplicates(const std::vector<YamlEntry>& entries) {
    std::unordered_map<std::string_view, uint32_t> seen;
    for (const YamlEntry& entry : entries) {
      const auto [first, is_new] = seen.try_emplace(entry.key.text, entry.key.line);
      if (!is_new && entry.key.is_scalar()) {
        fail(entry.key.span, fmt::format("`{}` is written twice in this block", shortened(entry.key.text, 60)),
             {fmt::format("first written on line {}", first->second)});
      }
    }
  }

  void add(const YamlNode& node) {
    if (open_.empty()) {
      root_ = node;
    } else if (open_.back().node.kind == YamlNode::Kind::list) {
      open_.back().items.push_back(node);
    } else if (open_.back().has_key) {
      open_.back().entries.back().value = node;
      open_.back().has_key = false;
    } else {
      open_.back().entries.push_back({checked_key(node), {}});
      open_.back().has_key = true;
    }
  }

  YamlNode checked_key(YamlNode key) {
    if (!strict_) {
      key.text = key.is_scalar() ? key.text : std::string_view();
    } else if (!key.is_scalar()) {
      fail(key.span, "a key is a word or a quoted text");
    } else if (key.text == "<<" && key.style == YamlNode::Style::plain) {
      fail(key.span, "merge keys are not part of a policy's YAML",
           {"name what is used twice under `lists:` or `conditions:`"});
    }
    key.kind = YamlNode::Kind::scalar;
    return key;
  }

  void fail(Span span, std::string message, std::vector<std::string> hints = {}) {
    errors_.push_back(error_at(path_, text_, span, std::move(message), std::move(hints)));
    if (errors_.size() == most_errors) {
      throw Stop{};
    }
  }

  bool strict_;
  std::string_view path_;
  std::string_view text_;
  size_t offset_;  // yaml-cpp does not count a byte order mark
  uint16_t file_;
  Arena& arena_;
  LineIndex lines_;
  int documents_ = 0;
  std::vector<Open> open_ = {};
  YamlNode root_ = {};
  Errors errors_ = {};
  std::unordered_map<YAML::anchor_t, YamlNode> anchors_ = {};
  size_t merged_ = 0;
};

// What is in double quotes around `at`, up to the end of the line, as one would write it in single quotes.
std::string in_single_quotes(std::string_view text, size_t at) {
  const size_t line = text.rfind('\n', at) == std::string_view::npos ? 0 : text.rfind('\n', at) + 1;
  const size_t open = text.rfind('"', at);
  if (open == std::string_view::npos || open < line) {
    return {};
  }
  std::string out;
  for (size_t i = open + 1; i < text.size() && text[i] != '"' && text[i] != '\n'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\\' || text[i + 1] == '"')) {
      ++i;
    }
    out += text[i] == '\'' ? "''" : std::string(1, text[i]);
  }
  return fmt::format("'{}'", out);
}

void TreeBuilder::broken(const YAML::Mark& mark, std::string message) {
  Span span = span_at(mark, 0);
  std::vector<std::string> hints;
  if (message.starts_with("unknown escape character")) {
    const std::string quoted = in_single_quotes(text_, span.begin);
    const size_t open = text_.rfind('"', span.begin);
    if (!quoted.empty()) {
      span = {static_cast<uint32_t>(open), static_cast<uint32_t>(open + 1)};
      message = "a pattern in double quotes loses its backslashes";
      hints = {fmt::format("use single quotes: {}", quoted)};
    }
  } else if (message.starts_with("illegal EOF in scalar")) {
    message = "a quoted text has no end";
  } else if (message.starts_with("the referenced anchor")) {
    message = "aliases are not part of a policy's YAML";
    hints = {"a text that begins with `*` needs quotes: '*'"};
  } else if (message.starts_with("bad file") || message.starts_with("exceeded")) {
    message = fmt::format("lists and maps stand more than {} deep in each other", deepest_policy);
  } else if (message == "unknown token") {
    message = "YAML reads no text that begins with this character";
    hints = {"put the text in quotes"};
  } else {
    message = fmt::format("this is not YAML: {}", message);
    const Span line = lines_.line_span(lines_.locate(span.begin).line);
    const std::string_view written = slice(text_, line);
    if (written.substr(0, written.find_first_not_of(" \t")).find('\t') != std::string_view::npos) {
      hints = {"indentation is made of spaces, not tabs"};
    } else {
      hints = {"often an unquoted `:` in a text, or a line that is indented too far or too little"};
    }
  }
  fail(span, std::move(message), std::move(hints));
}

// Bytes that no text editor writes into YAML; yaml-cpp would take some of them for another encoding.
size_t find_control_character(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) {
      return i;
    }
  }
  return std::string_view::npos;
}

// What is refused before anything is parsed, so that the parser meets no surprises of size, encoding or depth.
Errors mistakes_of_bytes(std::string_view path, std::string_view text) {
  if (text.size() > largest_policy_file) {
    return {{std::string(path),
             {0, 0},
             fmt::format("a policy file has at most 1 MiB, and this one {} bytes", text.size()),
             {},
             {},
             1}};
  }
  for (const auto& [at, message] : {std::pair{find_invalid_utf8(text), "this byte is not UTF-8"},
                                    std::pair{find_control_character(text), "a control character in a policy"}}) {
    if (at != std::string_view::npos) {
      const auto begin = static_cast<uint32_t>(at);
      return {error_at(path, text, {begin, begin + 1}, message)};
    }
  }
  size_t line = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || text[i] == '\n' || text[i] == '\r') {
      if (i - line > longest_policy_line) {
        const auto begin = static_cast<uint32_t>(line);
        return {error_at(
            path, text, {begin, begin + 1},
            fmt::format("a line of a policy has at most {} bytes, and this one {}", longest_policy_line, i - line),
            {"a long list can stand on several lines, a long text in a block: `key: >-`"})};
      }
      line = i + 1;
    }
  }
  return {};
}

}  // namespace

std::span<const YamlEntry> YamlNode::entries() const { return {first_entry, is_map() ? count : 0}; }

const YamlEntry* YamlNode::find_entry(std::string_view key) const {
  for (const YamlEntry& entry : entries()) {
    if (entry.key.text == key) {
      return &entry;
    }
  }
  return nullptr;
}

const YamlNode* YamlNode::find(std::string_view key) const {
  const YamlEntry* entry = find_entry(key);
  return entry ? &entry->value : nullptr;
}

Result<YamlNode> parse_yaml(std::string_view path, std::string_view text, uint16_t file, Arena& arena,
                            YamlDialect dialect) {
  if (Errors errors = mistakes_of_bytes(path, text); !errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  TreeBuilder tree(path, text, file, arena, dialect);
  try {
    TextBuffer buffer(tree.text_without_mark());
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(tree)) {
    }
  } catch (const Stop&) {
    // noted
  } catch (const YAML::Exception& exception) {
    try {
      tree.broken(exception.mark, exception.msg);
    } catch (const Stop&) {
      // noted
    }
  }
  if (!tree.errors().empty()) {
    return tl::unexpected(std::move(tree.errors()));
  }
  return tree.root();
}

}  // namespace spiritsafe
