// An amount of money: whole minor units of one ISO 4217 currency. Never floating point.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace doorbuster {

class Currency {
 public:
  constexpr Currency() = default;
  // Three capital letters, as in ISO 4217; valid() tells.
  constexpr explicit Currency(std::string_view code) {
    if (code.size() == letters_.size()) letters_ = {code[0], code[1], code[2]};
  }
  [[nodiscard]] constexpr bool valid() const {
    for (const char c : letters_) {
      if (c < 'A' || c > 'Z') return false;
    }
    return true;
  }
  [[nodiscard]] constexpr std::string_view code() const { return {letters_.data(), letters_.size()}; }
  // How many digits of an amount are behind the point; nothing if ISO 4217 has no such currency.
  [[nodiscard]] std::optional<size_t> minor_digits() const;
  constexpr auto operator<=>(const Currency&) const = default;

 private:
  std::array<char, 3> letters_{};
};

struct Money {
  int64_t amount = 0;  // minor units: cents, pence, yen
  Currency currency;
  constexpr auto operator<=>(const Money&) const = default;
};

}  // namespace doorbuster
