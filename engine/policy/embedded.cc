// SPDX-License-Identifier: Apache-2.0
// The form of the bytes: numbers of 7 bits a byte, low ones first; texts are an offset and a length in the pool at the
// end.
//   documents, lists' items, maps' entries, size of the rest before the pool; then for each document its path and its
//   tree: a byte of kind and style, line, column, and by kind: a text; a count and as many nodes; a count and as many
//   pairs.
#include "engine/policy/embedded.h"

#include <unordered_map>

namespace spiritsafe {
namespace {

class Writer {
 public:
  void number(uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<unsigned char>(value | 0x80));
      value >>= 7;
    }
    bytes_.push_back(static_cast<unsigned char>(value));
  }
  void byte(unsigned char value) { bytes_.push_back(value); }

  void text(std::string_view value) {
    const auto [known, is_new] = known_.try_emplace(std::string(value), pool_.size());
    if (is_new) {
      pool_.insert(pool_.end(), value.begin(), value.end());
    }
    number(known->second);
    number(value.size());
  }

  // `depth`: 0 is a document, 1 its rules or effects, 2 one of them; what is in none is deeper.
  void tree(const YamlNode& node, int depth = other) {
    byte(static_cast<unsigned char>(static_cast<unsigned>(node.kind) | static_cast<unsigned>(node.style) << 4));
    number(node.line);
    number(node.column);
    if (node.is_scalar()) {
      text(node.text);
    } else if (node.is_list()) {
      items += node.count;
      number(node.count);
      for (const YamlNode& item : node.items()) {
        tree(item);
      }
    } else if (node.is_map()) {
      std::vector<const YamlEntry*> kept;
      for (const YamlEntry& entry : node.entries()) {
        if (!(depth == 2 && entry.key.text == "examples") && !entry.key.text.starts_with("x-")) {
          kept.push_back(&entry);
        }
      }
      entries += kept.size();
      number(kept.size());
      for (const YamlEntry* entry : kept) {
        tree(entry->key);
        tree(entry->value,
             depth == 0 && entry->key.text != "rules" && entry->key.text != "effects" ? other : depth + 1);
      }
    }
  }

  static constexpr int other = 100;
  uint64_t items = 0;
  uint64_t entries = 0;
  const std::vector<unsigned char>& bytes() const { return bytes_; }
  const std::vector<unsigned char>& pool() const { return pool_; }

 private:
  std::vector<unsigned char> bytes_ = {};
  std::vector<unsigned char> pool_ = {};
  std::unordered_map<std::string, size_t> known_ = {};
};

class Reader {
 public:
  Reader(std::span<const unsigned char> bytes, uint16_t file) : bytes_(bytes), file_(file) {}

  uint64_t number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      const unsigned char next = byte();
      value |= static_cast<uint64_t>(next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    sound = false;
    return 0;
  }

  unsigned char byte() {
    if (at_ >= bytes_.size()) {
      sound = false;
      return 0;
    }
    return bytes_[at_++];
  }

  std::string_view text() {
    const uint64_t offset = pool_ + number();
    const uint64_t length = number();
    if (!sound || offset > bytes_.size() || length > bytes_.size() - offset) {
      sound = false;
      return {};
    }
    return {reinterpret_cast<const char*>(bytes_.data()) + offset, static_cast<size_t>(length)};
  }

  void tree(YamlNode& node) {
    const unsigned char form = byte();
    node.kind = static_cast<YamlNode::Kind>(form & 3);
    node.style = static_cast<YamlNode::Style>(form >> 4 & 3);
    node.file = file_;
    node.line = static_cast<uint32_t>(number());
    node.column = static_cast<uint32_t>(number());
    if (node.is_scalar()) {
      node.text = text();
    } else if (node.kind != YamlNode::Kind::empty) {
      const uint64_t count = number();
      uint64_t& free = node.is_list() ? items_free : entries_free;
      if (!sound || count > free || ++depth_ > deepest_policy) {
        sound = false;
        return;
      }
      free -= count;
      node.count = static_cast<uint32_t>(count);
      if (node.is_list()) {
        YamlNode* first = next_item;
        node.first_item = first;
        next_item += count;
        for (uint64_t i = 0; i < count && sound; ++i) {
          tree(first[i]);
        }
      } else {
        YamlEntry* first = next_entry;
        node.first_entry = first;
        next_entry += count;
        for (uint64_t i = 0; i < count && sound; ++i) {
          tree(first[i].key);
          tree(first[i].value);
        }
      }
      --depth_;
    }
  }

  void next_file() { ++file_; }
  void set_pool(uint64_t rest) { pool_ = at_ + rest; }

  bool sound = true;
  uint64_t items_free = 0;
  uint64_t entries_free = 0;
  YamlNode* next_item = nullptr;
  YamlEntry* next_entry = nullptr;

 private:
  std::span<const unsigned char> bytes_;
  uint16_t file_;
  size_t at_ = 0;
  uint64_t pool_ = 0;
  int depth_ = 0;
};

}  // namespace

std::vector<unsigned char> encode_pack(const std::vector<PackDocument>& documents) {
  Writer body;
  for (const PackDocument& document : documents) {
    body.text(document.path);
    body.tree(document.root, 0);
  }
  Writer head;
  head.number(documents.size());
  head.number(body.items);
  head.number(body.entries);
  head.number(body.bytes().size());
  std::vector<unsigned char> bytes = head.bytes();
  bytes.insert(bytes.end(), body.bytes().begin(), body.bytes().end());
  bytes.insert(bytes.end(), body.pool().begin(), body.pool().end());
  return bytes;
}

DecodedPack decode_pack(std::span<const unsigned char> bytes, uint16_t first_file) {
  DecodedPack pack;
  Reader reader(bytes, first_file);
  const uint64_t documents = reader.number();
  reader.items_free = reader.number();
  reader.entries_free = reader.number();
  reader.set_pool(reader.number());
  if (!reader.sound || documents > bytes.size() || reader.items_free > bytes.size() ||
      reader.entries_free > bytes.size()) {
    return pack;
  }
  pack.nodes = std::make_unique<YamlNode[]>(static_cast<size_t>(reader.items_free));
  pack.entries = std::make_unique<YamlEntry[]>(static_cast<size_t>(reader.entries_free));
  reader.next_item = pack.nodes.get();
  reader.next_entry = pack.entries.get();
  for (uint64_t i = 0; i < documents && reader.sound; ++i) {
    PackDocument document;
    document.path = reader.text();
    reader.tree(document.root);
    reader.next_file();
    pack.documents.push_back(std::move(document));
  }
  if (!reader.sound) {
    pack.documents.clear();
  }
  return pack;
}

}  // namespace spiritsafe
