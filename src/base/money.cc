#include "base/money.h"

#include "base/iso4217.h"

namespace doorbuster {

std::optional<size_t> Currency::minor_digits() const {
  if (!valid()) return std::nullopt;
  for (size_t digits = 0; digits < kCurrenciesByDigits.size(); ++digits) {
    if (kCurrenciesByDigits[digits].find(code()) != std::string_view::npos) return digits;
  }
  return std::nullopt;
}

}  // namespace doorbuster
