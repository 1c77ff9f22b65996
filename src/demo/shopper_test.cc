#include "demo/shopper.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace doorbuster::demo {
namespace {

TEST(Shopper, the_same_seed_makes_the_same_visits) {
  const Catalogue catalogue;
  Shopper one(catalogue, 7);
  Shopper other(catalogue, 7);
  for (int visit = 0; visit < 20; ++visit) {
    const auto deeds = one.visit();
    const auto same = other.visit();
    ASSERT_EQ(deeds.size(), same.size());
    for (size_t i = 0; i < deeds.size(); ++i) EXPECT_EQ(deeds[i].item, same[i].item);
  }
}

TEST(Shopper, what_is_bought_was_looked_at_in_the_same_visit) {
  const Catalogue catalogue;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    std::set<uint32_t> seen;
    for (const Deed& deed : Shopper(catalogue, seed).visit()) {
      ASSERT_LT(deed.item, catalogue.items().size());
      if (deed.kind == DeedKind::kView) seen.insert(deed.item);
      EXPECT_TRUE(seen.contains(deed.item));
    }
  }
}

// Of purchases in one visit, what goes with an item comes after it and not before it.
TEST(Shopper, a_camera_leads_to_a_card_and_a_card_to_no_camera) {
  const Catalogue catalogue;
  const uint32_t camera = kind_named("mirrorless-camera");
  const uint32_t card = kind_named("memory-card");
  int card_behind = 0;
  int camera_behind = 0;
  for (uint64_t seed = 1; seed <= 20'000; ++seed) {
    Shopper shopper(catalogue, seed);
    std::vector<uint32_t> bought;
    for (const Deed& deed : shopper.visit()) {
      if (deed.kind == DeedKind::kPurchase) bought.push_back(catalogue.items()[deed.item].kind);
    }
    for (size_t i = 1; i < bought.size(); ++i) {
      card_behind += bought[i - 1] == camera && bought[i] == card ? 1 : 0;
      camera_behind += bought[i - 1] == card && bought[i] == camera ? 1 : 0;
    }
  }
  EXPECT_GT(card_behind, 20);
  EXPECT_LT(camera_behind * 10, card_behind);
}

TEST(Shopper, each_has_tastes_of_their_own) {
  const Catalogue catalogue;
  double most = 0;
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    Shopper shopper(catalogue, seed);
    std::map<uint32_t, int> views;
    int all = 0;
    for (int visit = 0; visit < 30; ++visit) {
      for (const Deed& deed : shopper.visit()) {
        ++views[catalogue.items()[deed.item].of_kind().category];
        ++all;
      }
    }
    const auto first = std::ranges::max_element(views, {}, [](const auto& each) { return each.second; });
    most += static_cast<double>(first->second) / all / 50;
  }
  EXPECT_GT(most, 0.45) << "the share of what they look at most, of twelve categories";
}

}  // namespace
}  // namespace doorbuster::demo
