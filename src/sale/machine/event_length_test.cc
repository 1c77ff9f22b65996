// An event says how long it is, so that who can do without its kind may pass over it.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

// Of a kind that nobody has yet, with two bytes of fields, and then all held.
TEST(Events, of_an_unknown_kind_are_passed_over_by_who_can_do_without) {
  const std::vector<std::byte> events = {std::byte{0x80 | 99}, std::byte{2}, std::byte{},  std::byte{},
                                         std::byte{0x80 | 5},  std::byte{4}, std::byte{3}, std::byte{},
                                         std::byte{},          std::byte{}};
  int known = 0;
  std::vector<uint8_t> unknown;
  const auto hear = [&](const auto& event) { known += event.touches().sale == SaleNumber(3); };
  const auto pass_over = [&](uint8_t kind) { unknown.push_back(kind); };
  EXPECT_TRUE(for_each_known_event(events, hear, pass_over).has_value());
  EXPECT_EQ(known, 1);
  EXPECT_EQ(unknown, std::vector<uint8_t>{99});
  EXPECT_FALSE(for_each_event(events, hear).has_value());
  EXPECT_FALSE(Machine(kSmall).apply(events, kStart).has_value()) << "a state can't do without";
}

std::vector<std::byte> all_held_of_length(std::vector<uint8_t> length, size_t fields) {
  std::vector<std::byte> event = {std::byte{0x80 | 5}};
  for (const uint8_t byte : length) event.push_back(std::byte{byte});
  event.resize(event.size() + fields);
  return event;
}

TEST(Events, are_refused_whose_length_is_not_that_of_their_fields) {
  const auto is_read = [](const std::vector<std::byte>& event) {
    const auto ignore = [](const auto&) {};
    return for_each_known_event(event, ignore, [](uint8_t) {}).has_value();
  };
  EXPECT_TRUE(is_read(all_held_of_length({4}, 4)));
  EXPECT_FALSE(is_read(all_held_of_length({3}, 3))) << "too short";
  EXPECT_FALSE(is_read(all_held_of_length({5}, 5))) << "too long";
  EXPECT_FALSE(is_read(all_held_of_length({5}, 4))) << "cut";
  EXPECT_FALSE(is_read(all_held_of_length({0x84, 0}, 4))) << "longer than it need be";
  EXPECT_FALSE(is_read(all_held_of_length({0x84, 0x80, 0x80, 0x80, 0}, 4))) << "far longer";
  EXPECT_FALSE(is_read(all_held_of_length({0x84}, 0))) << "cut within";
}

}  // namespace
}  // namespace doorbuster::sale
