// Which machine wrote a batch or a snapshot: a short word such as "sale", kept in both, so that a log is never replayed
// into a machine that it is not of.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <string_view>

#include "base/assert.h"

namespace doorbuster::log {

class MachineKind {
 public:
  static constexpr size_t kLettersMax = 16;

  // Not said.
  constexpr MachineKind() = default;
  // Asserts is_kind(word).
  constexpr explicit MachineKind(std::string_view word) {
    ASSERT(is_kind(word));
    std::ranges::copy(word, letters_.begin());
  }

  // As they were stored; nothing if no kind is written like that.
  [[nodiscard]] static constexpr std::optional<MachineKind> from_letters(std::string_view letters) {
    const std::string_view word = letters.substr(0, letters.find('\0'));
    if (letters.size() != kLettersMax || !is_kind(word)) return std::nullopt;
    const MachineKind kind(word);
    return kind.letters() == letters ? std::optional(kind) : std::nullopt;
  }

  // 1 to 16 small letters, digits and '_', of which the first is a letter.
  [[nodiscard]] static constexpr bool is_kind(std::string_view word) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    return !word.empty() && word.size() <= kLettersMax && is_letter(word.front()) && std::ranges::all_of(word, is_part);
  }

  // As it is stored: padded by zeros.
  [[nodiscard]] constexpr std::string_view letters() const { return {letters_.data(), letters_.size()}; }
  // "" if it is not said.
  [[nodiscard]] constexpr std::string_view word() const { return letters().substr(0, letters().find('\0')); }
  [[nodiscard]] constexpr bool is_said() const { return letters_[0] != '\0'; }

  constexpr auto operator<=>(const MachineKind&) const = default;

 private:
  std::array<char, kLettersMax> letters_{};
};

// What was written before batches and snapshots said their kind was the sale's: there was no other machine.
inline constexpr MachineKind kKindBeforeKinds{"sale"};

}  // namespace doorbuster::log
