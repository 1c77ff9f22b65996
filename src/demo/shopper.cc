#include "demo/shopper.h"

#include <algorithm>
#include <cmath>

namespace doorbuster::demo {
namespace {

constexpr size_t kDeedsMax = 40;  // of a visit

// In a visit, in a hundred: what a shopper looks at after an item.
constexpr uint64_t kSameKind = 60;
constexpr uint64_t kGoesWithIt = 15;
constexpr uint64_t kSameCategory = 15;
constexpr uint64_t kGoOn = 82;      // rather than leave
constexpr uint64_t kPutAside = 14;  // what was looked at goes into the cart
constexpr uint64_t kBuyIt = 55;     // what is in the cart
constexpr uint64_t kBuyMore = 65;   // something that goes with it

}  // namespace

std::vector<uint32_t> companions_of(uint32_t kind) {
  std::vector<uint32_t> companions;
  std::string_view rest = kinds()[kind].companions;
  while (!rest.empty()) {
    const std::string_view slug = rest.substr(0, rest.find(' '));
    companions.push_back(kind_named(slug));
    rest.remove_prefix(std::min(slug.size() + 1, rest.size()));
  }
  return companions;
}

Shopper::Shopper(const Catalogue& catalogue, uint64_t seed) : catalogue_(catalogue), random_(seed) {
  for (uint32_t& each : categories_) each = static_cast<uint32_t>(random_.below(categories().size()));
  brand_ = static_cast<uint32_t>(random_.below(6));
  price_ = static_cast<double>(random_.below(1'000)) / 1e3;
}

std::vector<Deed> Shopper::visit() {
  std::vector<Deed> deeds;
  uint32_t kind = kind_in(category());
  do {
    view(item_of(kind), deeds);
    kind = next_kind(kind);
  } while (deeds.size() < kDeedsMax && in_hundred(kGoOn));
  return deeds;
}

bool Shopper::is_tempted_by(const CatalogueItem& item) {
  const bool is_theirs = std::ranges::find(categories_, item.of_kind().category) != categories_.end();
  return in_hundred(static_cast<uint64_t>((is_theirs ? 30 : 6) * liking_of(item)));
}

void Shopper::view(uint32_t item, std::vector<Deed>& deeds) {
  deeds.push_back({DeedKind::kView, item});
  if (!in_hundred(kPutAside)) return;
  deeds.push_back({DeedKind::kCart, item});
  if (in_hundred(kBuyIt)) perhaps_buy(item, deeds);
}

void Shopper::perhaps_buy(uint32_t item, std::vector<Deed>& deeds) {
  deeds.push_back({DeedKind::kPurchase, item});
  for (const uint32_t kind : companions_of(catalogue_.items()[item].kind)) {
    if (!in_hundred(kBuyMore)) continue;
    const uint32_t other = companion_of(item, kind);
    deeds.push_back({DeedKind::kView, other});
    if (in_hundred(kBuyIt)) deeds.push_back({DeedKind::kPurchase, other});
  }
}

uint32_t Shopper::next_kind(uint32_t kind) {
  const uint64_t chance = random_.below(100);
  if (chance < kSameKind) return kind;
  const std::vector<uint32_t> companions = companions_of(kind);
  if (chance < kSameKind + kGoesWithIt && !companions.empty()) return companions[random_.below(companions.size())];
  if (chance < kSameKind + kGoesWithIt + kSameCategory) return kind_in(kinds()[kind].category);
  return kind_in(category());
}

uint32_t Shopper::item_of(uint32_t kind) {
  const auto items = catalogue_.of_kind(kind);
  const CatalogueItem* best = nullptr;
  for (int tries = 0; tries < 3; ++tries) {
    // The square of an even chance: a few of a kind are looked at by many. Which ones they are differs by kind.
    const uint64_t rank = random_.below(items.size()) * random_.below(items.size()) / items.size();
    const CatalogueItem& item = items[(rank * 7 + kind * 13) % items.size()];
    if (best == nullptr || liking_of(item) > liking_of(*best)) best = &item;
  }
  return best->number;
}

uint32_t Shopper::companion_of(uint32_t item, uint32_t kind) {
  const auto items = catalogue_.of_kind(kind);
  const uint64_t near = random_.below(4);
  return in_hundred(70) ? items[(item + near) % items.size()].number : item_of(kind);
}

// From 0.25 to 1.
double Shopper::liking_of(const CatalogueItem& item) const {
  const Kind& kind = item.of_kind();
  const double dear = (static_cast<double>(item.cents) / 100 - kind.price_low) / (kind.price_high - kind.price_low);
  const double near_in_price = 1 - std::min(1.0, std::abs(dear - price_));
  return 0.25 + 0.45 * near_in_price + (item.brand == brand_ ? 0.3 : 0);
}

uint32_t Shopper::category() {
  const uint64_t chance = random_.below(100);
  return categories_[chance < 60 ? 0 : chance < 88 ? 1 : 2];
}

uint32_t Shopper::kind_in(uint32_t category) {
  return category * kKindsOfCategory + static_cast<uint32_t>(random_.below(kKindsOfCategory));
}

}  // namespace doorbuster::demo
