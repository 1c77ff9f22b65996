// A short text stored in place: no heap, never longer than N bytes.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/assert.h"

namespace doorbuster {

template <size_t N>
class BoundedText {
  static_assert(N <= UINT16_MAX);

 public:
  BoundedText() = default;
  // Asserts that it fits: a length that comes from outside is checked where it comes in.
  BoundedText(std::string_view text) : size_(static_cast<uint16_t>(text.size())) {  // NOLINT: a text is a text
    ASSERT(text.size() <= N);
    if (!text.empty()) std::memcpy(bytes_.data(), text.data(), text.size());
  }
  BoundedText(const char* text) : BoundedText(std::string_view(text)) {}  // NOLINT

  operator std::string_view() const { return view(); }  // NOLINT
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  friend bool operator==(const BoundedText& a, const BoundedText& b) { return a.view() == b.view(); }

 private:
  std::array<char, N> bytes_;  // the first size_ of them
  uint16_t size_ = 0;
};

}  // namespace doorbuster
