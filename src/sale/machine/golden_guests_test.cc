// Events that say of a customer that they are a guest, and what becomes of events that are damaged. The golden files of
// all others are in golden_test.cc.
#include <cstdlib>
#include <fstream>

#include "sale/machine/golden_test_files.h"
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr const char* kFile = "guest-events.v4.bin";

class GoldenGuests : public MachineFixture {
 protected:
  // One who says something of themselves and one who does not; in a line, with a hold, and in a draw.
  void come_as_guests() {
    const auto as_guest = CustomerKind::kGuest;
    open(settings(QueueKind::kFifo, 2));
    decide(Join{kSale, customer(1), {}, {}, Annotations{"R-4711", {}, {}}, as_guest});
    decide(Join{kSale, customer(2), key(2), {}, {}, as_guest});
    decide(Reserve{kSale, customer(1), {}, Annotations{"R-4712", {}, {}}, as_guest});
    decide(Reserve{kSale, customer(2), key(3), {}, as_guest});
    Settings drawn = settings(QueueKind::kDraw, 1);
    drawn.id = "draw";
    drawn.opens_at = now_ + Duration::seconds(3);
    const SaleNumber draw = decide(CreateSale{std::make_unique<Settings>(std::move(drawn)), false, by_operator()}).sale;
    decide(Join{draw, customer(3), {}, "a nonce", {}, as_guest});
  }
  [[nodiscard]] std::vector<std::byte> events() const {
    std::vector<std::byte> events;
    for (const RecordedBatch& batch : log_) events.insert(events.end(), batch.payload.begin(), batch.payload.end());
    return events;
  }
};

std::vector<std::byte> rewritten(const std::vector<std::byte>& events) {
  std::vector<std::byte> again;
  EXPECT_TRUE(for_each_event(events, [&](auto& event) { encode(event, again); }).has_value());
  return again;
}

TEST(Events, of_version_4_are_read_and_written_the_same) {
  EXPECT_EQ(rewritten(golden_contents(kFile)), golden_contents(kFile));
}

TEST_F(GoldenGuests, the_events_of_guests_are_still_the_same) {
  come_as_guests();
  if (std::getenv("DOORBUSTER_WRITE_GOLDEN") != nullptr) {
    std::ofstream(golden_path(kFile), std::ios::binary) << as_text(events());
  }
  EXPECT_EQ(events(), golden_contents(kFile));
}

// A customer of the shop costs no byte more than before there were guests, a guest one.
TEST_F(GoldenGuests, a_guest_is_told_by_one_byte_more) {
  std::vector<std::byte> of_shop;
  std::vector<std::byte> of_guest;
  for (const Annotations& annotations : {Annotations{}, Annotations{"R-4711", {}, {}}}) {
    Held held{.sale = kSale,
              .hold = {},
              .entry = {},
              .customer = customer(1),
              .expires_at = kStart,
              .idempotency = {},
              .annotations = annotations};
    of_shop.clear();
    encode(held, of_shop);
    held.kind = CustomerKind::kGuest;
    of_guest.clear();
    encode(held, of_guest);
    EXPECT_EQ(of_guest.size(), of_shop.size() + 1);
    const auto is_guest = [](const auto& event) {
      if constexpr (requires { event.kind; }) {
        EXPECT_EQ(event.kind, CustomerKind::kGuest);
      }
    };
    EXPECT_TRUE(for_each_event(of_guest, is_guest).has_value());
  }
}

TEST(Events, are_refused_or_written_the_same_when_any_bit_of_them_is_another) {
  std::vector<std::byte> golden = golden_contents("events.v2.bin");
  for (const char* name : {"annotated-events.v3.bin", kFile}) {
    const std::vector<std::byte> tailed = golden_contents(name);
    golden.insert(golden.end(), tailed.begin(), tailed.end());
  }
  size_t refusals = 0;
  for (size_t at = 0; at < golden.size() * 8; ++at) {
    std::vector<std::byte> damaged = golden;
    damaged[at / 8] ^= static_cast<std::byte>(1U << (at % 8));
    std::vector<std::byte> again;
    const bool is_read = for_each_event(damaged, [&](auto& event) { encode(event, again); }).has_value();
    refusals += !is_read;
    EXPECT_TRUE(!is_read || again == damaged) << "bit " << at;
  }
  EXPECT_GT(refusals, golden.size());
}

TEST(Events, are_refused_when_cut_or_of_an_unknown_kind) {
  for (const char* name : {"events.v1.bin", "events.v2.bin"}) {
    const std::vector<std::byte> golden = golden_contents(name);
    EXPECT_FALSE(for_each_event(Bytes(golden).first(golden.size() - 1), [](const auto&) {}).has_value());
  }
  const std::vector<std::byte> unknown = {std::byte{99}};
  const auto refused = for_each_event(unknown, [](const auto&) {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("kind 99"), std::string::npos);
  EXPECT_FALSE(Machine(kSmall).apply(unknown, kStart).has_value());
}

}  // namespace
}  // namespace doorbuster::sale
