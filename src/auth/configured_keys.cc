#include "auth/configured_keys.h"

#include <algorithm>

namespace doorbuster::auth {
namespace {

bool same_material(const ShopKey& a, const ShopKey& b) {
  return a.algorithm == b.algorithm && equal_in_constant_time(as_bytes(a.material), as_bytes(b.material));
}

template <class Key>
auto find_by_id(std::vector<Key>& keys, std::string_view id) {
  return std::ranges::find(keys, id, &Key::id);
}

bool names(const std::vector<NewShopKey>& configured, std::string_view id) {
  return std::ranges::find(configured, id, &NewShopKey::id) != configured.end();
}

class Applier {
 public:
  Applier(KeyRecords records, const std::vector<NewShopKey>& configured, Timestamp now)
      : keys_{.records = std::move(records)}, configured_(configured), now_(now) {}

  Result<ConfiguredKeys> run() {
    take_out();
    for (const NewShopKey& wanted : configured_) TRY(take_in(wanted));
    if (keys_.records.shops.size() > kKeysMax) {
      return fail(ErrorCode::kLimit,
                  "customers.shop_keys and the shop keys made by API are more than 64 together: "
                  "take those out that are not used any more");
    }
    return std::move(keys_);
  }

 private:
  void changed(std::string_view id, ConfiguredChange change) {
    keys_.changes.push_back({.id = std::string(id), .change = change});
    keys_.is_changed = keys_.is_changed || change != ConfiguredChange::kStillRevoked;
  }

  void take_out() {
    for (const ShopKey& key : keys_.records.shops) {
      if (is_out(key)) changed(key.id, ConfiguredChange::kRemoved);
    }
    std::erase_if(keys_.records.shops, [this](const ShopKey& key) { return is_out(key); });
    const auto forgotten =
        std::erase_if(keys_.records.revoked, [this](const RevokedKey& key) { return !names(configured_, key.id); });
    keys_.is_changed = keys_.is_changed || forgotten > 0;
  }
  [[nodiscard]] bool is_out(const ShopKey& key) const {
    return key.origin == KeyOrigin::kConfiguration && !names(configured_, key.id);
  }

  Result<void> take_in(const NewShopKey& wanted) {
    auto made = make_shop_key(wanted, wanted.id, now_);
    if (!made) {
      return fail(made.error().code, "customers.shop_keys \"" + wanted.id + "\": " + made.error().message);
    }
    ShopKey key = *std::move(made);
    key.origin = KeyOrigin::kConfiguration;
    if (stays_revoked(key)) return {};
    if (find_by_id(keys_.records.operators, key.id) != keys_.records.operators.end()) return conflict(key.id);
    const auto known = find_by_id(keys_.records.shops, key.id);
    if (known == keys_.records.shops.end()) {
      changed(key.id, ConfiguredChange::kAdded);
      keys_.records.shops.push_back(std::move(key));
      return {};
    }
    if (same_material(*known, key)) return adopt(*known);
    if (known->origin == KeyOrigin::kApi) return conflict(key.id);
    changed(key.id, ConfiguredChange::kReplaced);
    *known = std::move(key);  // at its place: a token without `kid` is checked with the first
    return {};
  }

  // Revoked as the file still names it; with another secret it is another key.
  bool stays_revoked(const ShopKey& key) {
    const auto revoked = find_by_id(keys_.records.revoked, key.id);
    if (revoked == keys_.records.revoked.end()) return false;
    if (revoked->material == sha256(as_bytes(key.material))) {
      changed(key.id, ConfiguredChange::kStillRevoked);
      return true;
    }
    keys_.records.revoked.erase(revoked);
    return false;
  }

  Result<void> adopt(ShopKey& known) {
    keys_.is_changed = keys_.is_changed || known.origin == KeyOrigin::kApi;
    known.origin = KeyOrigin::kConfiguration;
    return {};
  }

  static Result<void> conflict(const std::string& id) {
    return fail(ErrorCode::kConflict, "customers.shop_keys \"" + id +
                                          "\": there is a key of this id with another secret, which was made by API: "
                                          "give the one in the configuration another id, or take it out, start, and "
                                          "revoke that one first");
  }

  ConfiguredKeys keys_;
  const std::vector<NewShopKey>& configured_;
  const Timestamp now_;
};

}  // namespace

Result<ConfiguredKeys> apply_configured(KeyRecords records, const std::vector<NewShopKey>& configured, Timestamp now) {
  return Applier(std::move(records), configured, now).run();
}

void note_revoked(KeyRecords& records, const ShopKey& key) {
  if (key.origin != KeyOrigin::kConfiguration) return;
  std::erase_if(records.revoked, [&](const RevokedKey& each) { return each.id == key.id; });
  if (records.revoked.size() == kKeysMax) records.revoked.erase(records.revoked.begin());
  records.revoked.push_back({.id = key.id, .material = sha256(as_bytes(key.material))});
}

}  // namespace doorbuster::auth
