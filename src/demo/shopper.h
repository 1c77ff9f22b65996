// One of those who browse the demo shop: has tastes (categories, a brand, how dear), comes now and then, looks from one
// thing to the next, and buys what goes with what they have bought.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/prng.h"
#include "demo/catalogue.h"

namespace doorbuster::demo {

enum class DeedKind : uint8_t { kView, kCart, kPurchase };

struct Deed {
  DeedKind kind = DeedKind::kView;
  uint32_t item = 0;  // of the catalogue
};

class Shopper {
 public:
  // The same seed makes the same shopper. The catalogue has to live as long.
  Shopper(const Catalogue& catalogue, uint64_t seed);

  // What they do when they come once more, in its order.
  [[nodiscard]] std::vector<Deed> visit();
  // Whether they would look at an item that is shown to them.
  [[nodiscard]] bool is_tempted_by(const CatalogueItem& item);

 private:
  void view(uint32_t item, std::vector<Deed>& deeds);
  void perhaps_buy(uint32_t item, std::vector<Deed>& deeds);
  [[nodiscard]] uint32_t next_kind(uint32_t kind);
  // Popular ones and those of their brand and price come more often.
  [[nodiscard]] uint32_t item_of(uint32_t kind);
  // What goes with this one more than with others of its kind.
  [[nodiscard]] uint32_t companion_of(uint32_t item, uint32_t kind);
  [[nodiscard]] double liking_of(const CatalogueItem& item) const;
  [[nodiscard]] uint32_t category();
  [[nodiscard]] uint32_t kind_in(uint32_t category);
  [[nodiscard]] bool in_hundred(uint64_t share) { return random_.below(100) < share; }

  const Catalogue& catalogue_;
  Prng random_;
  std::array<uint32_t, 3> categories_{};  // the dearest to them first
  uint32_t brand_ = 0;
  double price_ = 0;  // 0: the cheapest of a kind, 1: the dearest
};

// The kinds of which something is bought with one of `kind`.
[[nodiscard]] std::vector<uint32_t> companions_of(uint32_t kind);

}  // namespace doorbuster::demo
