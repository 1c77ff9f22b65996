// Money that a provider took and that buys nothing: the amount was another, it was the second payment of an attempt, or
// what it was for is over long ago. All of it goes back, and until it has the machine remembers it, whether there still
// is a hold, and even a sale, that it was for or not.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "base/crypto.h"
#include "base/money.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

// Which money it is: a provider tells of the same payment as often as it likes. Never 0.
[[nodiscard]] inline uint64_t payment_identity(const std::string& reference) {
  const Digest digest = sha256(as_bytes(reference));
  uint64_t identity = 0;
  for (size_t i = 0; i < sizeof identity; ++i) identity = identity << 8 | static_cast<uint64_t>(digest[i]);
  return std::max<uint64_t>(identity, 1);
}

struct MoneyKey {
  uint32_t sale = 0;
  uint64_t hold = 0;  // packed
  uint8_t attempt = 0;
  uint64_t payment = 0;  // payment_identity() of the provider's reference
  auto operator<=>(const MoneyKey&) const = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, attempt, payment);
  }
};

enum class MoneyState : uint8_t {
  kByAttempt,  // it came too late, and the hold knows of its attempt what became of it
  kDue,
  kReturned,
};
constexpr MoneyState last_of(MoneyState) { return MoneyState::kReturned; }

struct KnownMoney {
  Money paid;
  MoneyState state = MoneyState::kDue;
  template <class Archive>
  void fields(Archive& archive) {
    archive(paid, state);
  }
};

using KnownMoneyTable = std::map<MoneyKey, KnownMoney>;

}  // namespace doorbuster::sale
