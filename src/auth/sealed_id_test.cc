#include "auth/sealed_id.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace doorbuster::auth {
namespace {

constexpr std::array<std::byte, 32> kMaster{};
constexpr SealedId kId{.kind = IdKind::kHold, .sale = 7, .number = 4'711};

std::string sealed(const IdSealer& sealer, const SealedId& id) { return std::string(view(sealer.seal(id))); }

TEST(SealedId, opens_to_what_was_sealed) {
  const IdSealer sealer(kMaster);
  for (const uint64_t number : {uint64_t{0}, uint64_t{1}, uint64_t{4'711}, UINT64_MAX}) {
    const SealedId id{.kind = IdKind::kOrder, .sale = UINT32_MAX, .number = number};
    EXPECT_EQ(sealer.open(sealed(sealer, id), IdKind::kOrder), id);
  }
}

TEST(SealedId, the_text_is_the_documented_one) {
  EXPECT_EQ(sealed(IdSealer(kMaster), kId), "2496d7acrkezcszscrzsc65eb4");
}

TEST(SealedId, an_id_of_one_kind_is_not_one_of_another) {
  const IdSealer sealer(kMaster);
  EXPECT_EQ(sealer.open(sealed(sealer, kId), IdKind::kEntry), std::nullopt);
}

TEST(SealedId, another_server_cannot_open_it) {
  const std::array<std::byte, 32> other{std::byte{1}};
  EXPECT_EQ(IdSealer(other).open(sealed(IdSealer(kMaster), kId), IdKind::kHold), std::nullopt);
}

TEST(SealedId, every_changed_character_is_refused) {
  const IdSealer sealer(kMaster);
  const std::string text = sealed(sealer, kId);
  for (size_t i = 0; i < text.size(); ++i) {
    for (int c = 0; c < 256; ++c) {
      std::string changed = text;
      changed[i] = static_cast<char>(c);
      ASSERT_EQ(sealer.open(changed, IdKind::kHold).has_value(), changed == text) << i << " " << c;
    }
  }
}

TEST(SealedId, only_the_canonical_text_opens) {
  const IdSealer sealer(kMaster);
  const std::string text = sealed(sealer, kId);
  std::string upper = text;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(sealer.open(upper, IdKind::kHold), std::nullopt);
  EXPECT_EQ(sealer.open(text + "0", IdKind::kHold), std::nullopt);
  EXPECT_EQ(sealer.open(text.substr(1), IdKind::kHold), std::nullopt);
  EXPECT_EQ(sealer.open("", IdKind::kHold), std::nullopt);
}

TEST(SealedId, neighbours_share_nothing_to_guess_from) {
  const IdSealer sealer(kMaster);
  std::set<std::string> heads;
  for (uint64_t number = 0; number < 1'000; ++number) {
    heads.insert(sealed(sealer, {.kind = IdKind::kHold, .sale = 1, .number = number}).substr(0, 8));
  }
  EXPECT_EQ(heads.size(), 1'000U);
}

TEST(SealedId, threads_and_sealers_do_not_disturb_each_other) {
  const IdSealer one(kMaster);
  const std::array<std::byte, 32> other{std::byte{1}};
  const IdSealer two(other);
  const auto work = [&] {
    for (uint64_t i = 0; i < 500; ++i) {
      const SealedId id{.kind = IdKind::kEntry, .sale = 3, .number = i};
      EXPECT_EQ(one.open(sealed(one, id), IdKind::kEntry), id);
      EXPECT_EQ(two.open(sealed(two, id), IdKind::kEntry), id);
    }
  };
  std::thread beside(work);
  work();
  beside.join();
}

}  // namespace
}  // namespace doorbuster::auth
