// The vocabulary: names, numbers, and settings as a whole.
#include <gtest/gtest.h>

#include "sale/machine/settings.h"

namespace doorbuster::sale {
namespace {

template <class Enum>
std::vector<std::string> names_up_to(Enum last) {
  std::vector<std::string> names;
  for (int value = 0; value <= static_cast<int>(last); ++value) names.emplace_back(name_of(static_cast<Enum>(value)));
  return names;
}

using Names = std::vector<std::string>;

TEST(Words, are_those_of_the_contract) {
  EXPECT_EQ(names_up_to(last_of(QueueKind{})), (Names{"none", "fifo", "draw", "pass"}));
  EXPECT_EQ(names_up_to(last_of(SaleState{})), (Names{"draft", "scheduled", "prequeue", "open", "paused", "closed"}));
  EXPECT_EQ(names_up_to(last_of(HoldState{})), (Names{"free", "held", "paying", "sold", "released", "expired"}));
  EXPECT_EQ(names_up_to(last_of(EntryState{})), (Names{"free", "waiting", "offered", "holding", "paying", "bought",
                                                       "lapsed", "left", "removed", "missed"}));
  EXPECT_EQ(names_up_to(RefundState::kDone), (Names{"none", "due", "done"}));
}

TEST(Words, numbers_of_slots_pack_into_one_integer_and_come_back) {
  const HoldNumber number{7, 3};
  EXPECT_EQ(number.packed(), 0x3'0000'0007U);
  EXPECT_EQ(HoldNumber::unpacked(number.packed()), number);
}

TEST(Words, a_patch_knows_whether_it_changes_anything) {
  EXPECT_FALSE(SettingsPatch().any());
  const std::vector<SettingsPatch> patches = {{.title = "t"},
                                              {.item = Item{}},
                                              {.price = Money{1, Currency("USD")}},
                                              {.units = 1},
                                              {.per_customer = 1},
                                              {.guests = true},
                                              {.opens_at = Timestamp()},
                                              {.closes_at = std::optional<Timestamp>()},
                                              {.prequeue_opens_at = std::optional<Timestamp>()},
                                              {.claim_seconds = 1},
                                              {.hold_seconds = 1},
                                              {.payment_grace_seconds = 1},
                                              {.outflow_per_minute = std::optional<uint32_t>()}};
  for (size_t i = 0; i < patches.size(); ++i) EXPECT_TRUE(patches[i].any()) << i;
}

Settings sound() {
  Settings settings;
  settings.units = 1;
  settings.opens_at = Timestamp::from_micros(2'000'000);
  return settings;
}

TEST(Words, settings_say_what_contradicts_them) {
  const auto wrong = [](auto&& change) {
    Settings settings = sound();
    change(settings);
    return validate(settings);
  };
  EXPECT_EQ(validate(sound()), "");
  EXPECT_NE(wrong([](Settings& s) { s.units = 0; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.units = kMaxUnits + 1; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.per_customer = 0; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.claim_seconds = 0; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.hold_seconds = kMaxSeconds + 1; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.payment_grace_seconds = kMaxSeconds + 1; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.outflow_per_minute = 0; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.closes_at = s.opens_at; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.prequeue_opens_at = s.opens_at + Duration::micros(1); }), "");
  EXPECT_NE(wrong([](Settings& s) { s.queue = QueueKind::kNone, s.prequeue_opens_at = s.opens_at; }), "");
  EXPECT_EQ(wrong([](Settings& s) { s.queue = QueueKind::kPass; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.queue = QueueKind::kPass, s.price = Money{1, Currency("USD")}; }), "");
  EXPECT_NE(wrong([](Settings& s) { s.queue = QueueKind::kPass, s.per_customer = 2; }), "");
}

}  // namespace
}  // namespace doorbuster::sale
