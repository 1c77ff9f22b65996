// An operator's words about a sale, read strictly.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sale/machine/settings.h"

namespace doorbuster::sale {

struct NewSale {
  Settings settings;
  std::optional<Beacon> beacon;
  bool draft = false;
  std::string reason;
};

struct SaleChange {
  SettingsPatch patch;
  std::optional<std::string> message;  // empty: none any more
  bool publish = false;                // "draft": false
  std::string reason;
};

// The body of POST /sales. Errors: kInvalid, with a JSON pointer and what to write instead. Without an id, one is made
// from the title and `fallback_id`.
[[nodiscard]] Result<NewSale> parse_new_sale(std::string_view body, std::string_view fallback_id);

// The body of PATCH /sales/{sale}.
[[nodiscard]] Result<SaleChange> parse_sale_change(std::string_view body);

struct BeaconRound {
  std::string value;  // 1 to kDrawBeaconBytesMax bytes
  std::string reason;
};

// The body of POST /sales/{sale}/beacon.
[[nodiscard]] Result<BeaconRound> parse_beacon_round(std::string_view body);

// The body of pause, resume and close: empty, or {"reason": "..."}.
[[nodiscard]] Result<std::string> parse_reason(std::string_view body);

}  // namespace doorbuster::sale
