#include "sale/api/entry_token.h"

#include <gtest/gtest.h>

namespace doorbuster::sale {
namespace {

const Digest kMaster{};

TEST(EntryToken, fits_its_own_entry_only) {
  const EntryTokens tokens{kMaster};
  const std::string token = tokens.issue(SaleNumber(1), {2, 3});
  EXPECT_TRUE(tokens.fits(token, SaleNumber(1), {2, 3}));
  EXPECT_FALSE(tokens.fits(token, SaleNumber(2), {2, 3}));
  EXPECT_FALSE(tokens.fits(token, SaleNumber(1), {3, 3}));
  EXPECT_FALSE(tokens.fits(token, SaleNumber(1), {2, 4}));
}

TEST(EntryToken, does_not_fit_when_anything_in_it_is_changed) {
  const EntryTokens tokens{kMaster};
  const std::string token = tokens.issue(SaleNumber(1), {2, 3});
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.fits(changed, SaleNumber(1), {2, 3})) << i;
    EXPECT_FALSE(tokens.fits(token.substr(0, i), SaleNumber(1), {2, 3})) << i;
  }
  EXPECT_FALSE(tokens.fits(token + "A", SaleNumber(1), {2, 3}));
}

TEST(EntryToken, means_nothing_to_another_server) {
  Digest other{};
  other[0] = std::byte{1};
  EXPECT_FALSE(EntryTokens(other).fits(EntryTokens(kMaster).issue(SaleNumber(1), {2, 3}), SaleNumber(1), {2, 3}));
}

}  // namespace
}  // namespace doorbuster::sale
