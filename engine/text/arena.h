// SPDX-License-Identifier: Apache-2.0
// Memory that is given back all at once: the trees and facts of one file live in the arena of that file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace spiritsafe {

// Move-only. What `make` returns lives until the arena dies; destructors are not run, so only plain types go in.
class Arena {
 public:
  Arena() = default;
  // Memory is taken in blocks of so many bytes, or of what one thing needs.
  explicit Arena(size_t block_size) : block_size_(block_size) {}
  Arena(Arena&& other) noexcept { swap(other); }
  Arena& operator=(Arena&& other) noexcept {
    Arena(std::move(other)).swap(*this);
    return *this;
  }

  template <class T, class... Arguments>
  T* make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
  }

  // A copy of the items; the span may be kept as long as the arena lives.
  template <class T>
  std::span<T> copy(const std::vector<T>& items) {
    return copy(std::span<const T>(items));
  }
  template <class T>
  std::span<T> copy(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (items.empty()) {
      return {};
    }
    T* first = static_cast<T*>(allocate(items.size() * sizeof(T), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), first);
    return {first, items.size()};
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) {
      return {};
    }
    char* first = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(first, text.data(), text.size());
    return {first, text.size()};
  }

  // Forgets all, but keeps a first block of the usual size for what comes next.
  void clear() {
    blocks_.resize(first_is_usual_ ? 1 : 0);
    block_ = first_is_usual_ ? blocks_.front().get() : nullptr;
    capacity_ = first_is_usual_ ? block_size_ : 0;
    used_ = 0;
  }

 private:
  void* allocate(size_t size, size_t alignment) {
    const size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (start + size > capacity_) {
      return allocate_block(size);
    }
    used_ = start + size;
    return block_ + start;
  }

  void swap(Arena& other) noexcept {
    std::swap(block_size_, other.block_size_);
    std::swap(blocks_, other.blocks_);
    std::swap(block_, other.block_);
    std::swap(used_, other.used_);
    std::swap(capacity_, other.capacity_);
    std::swap(first_is_usual_, other.first_is_usual_);
  }

  [[gnu::noinline]] void* allocate_block(size_t size) {
    capacity_ = size > block_size_ ? size : block_size_;
    first_is_usual_ = blocks_.empty() ? capacity_ == block_size_ : first_is_usual_;
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(capacity_));
    block_ = blocks_.back().get();
    used_ = size;
    return block_;
  }

  size_t block_size_ = 16 * 1024;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* block_ = nullptr;  // the last of them
  size_t used_ = 0;
  size_t capacity_ = 0;
  bool first_is_usual_ = false;
};

}  // namespace spiritsafe
