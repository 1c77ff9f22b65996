// Shop keys that the configuration names: the file is the truth for them, at every start.
//
// A key whose secret was changed in the file signs by the new one only; one that was taken out of the file is out. A
// key that an operator has revoked by a call stays out although the file still names it, until the file names another
// secret for it or has left it out once. Keys that were made by a call are never touched; an id that stands for two
// secrets is refused.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "auth/shop_key.h"

namespace doorbuster::auth {

enum class ConfiguredChange : uint8_t { kAdded, kReplaced, kRemoved, kStillRevoked };

struct ConfiguredKeyChange {
  std::string id;
  ConfiguredChange change = ConfiguredChange::kAdded;
};

struct ConfiguredKeys {
  KeyRecords records;
  std::vector<ConfiguredKeyChange> changes;  // what whoever starts the server should be told
  bool is_changed = false;                   // whether the records are other than before
};

// What the keys are with these in the configuration. kInvalid for a key that can't be used, kConflict for an id that
// somebody else's key has, kLimit; each says what to do.
[[nodiscard]] Result<ConfiguredKeys> apply_configured(KeyRecords records, const std::vector<NewShopKey>& configured,
                                                      Timestamp now);

// Remembers of a key that is being revoked what keeps it out, if the configuration names it.
void note_revoked(KeyRecords& records, const ShopKey& key);

}  // namespace doorbuster::auth
