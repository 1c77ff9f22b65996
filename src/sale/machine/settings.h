// What an operator says about a sale, with the defaults of the contract.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assessment.h"
#include "base/money.h"
#include "sale/machine/draw/beacon.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

struct Item {
  std::string sku;
  std::string title;
  std::string image_url;
  std::string description;
};

// Who may take part, and who looks at them first.
struct EntryRules {
  bool review = false;                     // the opening, or the draw, pauses the sale until an operator resumes it
  std::vector<Country> allowed_countries;  // empty: all; the gate sees to it, and has kUnknownCountry as any other
  std::vector<Country> denied_countries;
  [[nodiscard]] bool empty() const { return !review && allowed_countries.empty() && denied_countries.empty(); }
  bool operator==(const EntryRules&) const = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(review, allowed_countries, denied_countries);
  }
};

struct Settings {
  std::string id;  // in addresses: 1 to 64 of a-z, 0-9 and '-'
  std::string title;
  Item item;
  std::optional<Money> price;
  uint32_t units = 0;
  uint32_t per_customer = 1;
  QueueKind queue = QueueKind::kDraw;
  bool guests = false;  // customers without a token of the shop may take part
  Timestamp opens_at;
  std::optional<Timestamp> closes_at;
  std::optional<Timestamp> prequeue_opens_at;
  uint32_t claim_seconds = 60;
  uint32_t hold_seconds = 300;
  uint32_t payment_grace_seconds = 120;
  std::optional<uint32_t> outflow_per_minute;  // offers a minute; none: as fast as units are there
  EntryRules entry_rules;
};

// A sale without a price is paid with nothing, in no currency (ISO 4217: XXX).
[[nodiscard]] inline Money price_of(const Settings& settings) {
  return settings.price.value_or(Money{0, Currency("XXX")});
}

// What a PATCH may change; what is absent stays. `units` is the new total: more adds units, less withdraws available
// ones. `more_units` says the same by how many, whatever others have made of the total meanwhile; negative withdraws.
struct SettingsPatch {
  std::optional<std::string> title;
  std::optional<Item> item;
  std::optional<Money> price;
  std::optional<uint32_t> units;
  std::optional<int32_t> more_units;  // or `units`, but not both
  std::optional<uint32_t> per_customer;
  std::optional<bool> guests;
  std::optional<Timestamp> opens_at;
  std::optional<std::optional<Timestamp>> closes_at;
  std::optional<std::optional<Timestamp>> prequeue_opens_at;
  std::optional<uint32_t> claim_seconds;
  std::optional<uint32_t> hold_seconds;
  std::optional<uint32_t> payment_grace_seconds;
  std::optional<std::optional<uint32_t>> outflow_per_minute;
  std::optional<bool> review;
  std::optional<std::vector<Country>> allowed_countries;
  std::optional<std::vector<Country>> denied_countries;

  [[nodiscard]] bool any() const;
};

// Bounds that keep every sum in the machine far from overflow.
inline constexpr uint32_t kMaxUnits = 10'000'000;
inline constexpr uint32_t kMaxPerCustomer = 100;
inline constexpr uint32_t kMaxSeconds = 30 * 24 * 3600;
inline constexpr uint32_t kMaxOutflowPerMinute = 10'000'000;
inline constexpr size_t kMaxCountries = 64;  // of either kind

// What an operator tells those who wait: text in UTF-8 of at most so many characters (code points), in which the only
// control character is the line break.
inline constexpr size_t kMessageCharactersMax = 500;
[[nodiscard]] bool is_message(std::string_view text);

// From when entries are taken before the opening, if they are: a draw takes them as soon as it is published, unless it
// says otherwise.
[[nodiscard]] std::optional<Timestamp> prequeue_begin(const Settings& settings);

[[nodiscard]] Settings patched(Settings settings, const SettingsPatch& patch);

// Which settings and which message a sale has, as a number that is another one once either has changed; never 0. Who
// has read them asks with it for a change that is made only to what they have read.
using TermsTag = uint64_t;
[[nodiscard]] TermsTag terms_tag(const Settings& settings, const std::string& message);

// What is wrong with the settings as a whole, and with the beacon that the sale's draw waits for, if there is one, as a
// sentence that says what to change; empty if nothing is.
[[nodiscard]] std::string validate(const Settings& settings, const std::optional<Beacon>& beacon = {});

}  // namespace doorbuster::sale
