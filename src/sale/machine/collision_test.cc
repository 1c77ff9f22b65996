// The tables find a customer by half of a hash: those whose halves are the same must not be taken for each other.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Colliding : public MachineFixture {
 protected:
  Reply reserve_as(SaleNumber sale, const CustomerHash& who) { return decide(Reserve{sale, who, {}}); }
  Reply join_as(SaleNumber sale, const CustomerHash& who) { return decide(Join{sale, who, {}}); }

  void open_two(QueueKind queue) {
    Settings second = settings(queue, 5);
    second.id = "second";
    open(settings(queue, 5));
    create(second);
  }

  // As the index mixes the sale in.
  static constexpr uint64_t kMix = 0x9E3779B97F4A7C15;
  static constexpr SaleNumber kSecond{1};
  static constexpr CustomerHash kOne{0, 12'345};
  static constexpr CustomerHash kInTheSameSale{0, 12'345 + (uint64_t{1} << 40)};
  static constexpr CustomerHash kInTheSecondSale{0, 12'345 ^ kMix ^ (2 * kMix)};
};

TEST_F(Colliding, customers_have_holds_of_their_own) {
  open_two(QueueKind::kNone);
  EXPECT_EQ(reserve_as(kSale, kOne).outcome, Outcome::kDone);
  EXPECT_EQ(reserve_as(kSale, kInTheSameSale).outcome, Outcome::kDone);
  EXPECT_EQ(reserve_as(kSecond, kInTheSecondSale).outcome, Outcome::kDone);
  EXPECT_EQ(reserve_as(kSecond, kOne).outcome, Outcome::kDone);
  EXPECT_EQ(reserve_as(kSale, kOne).outcome, Outcome::kOnePerCustomer);
}

TEST_F(Colliding, customers_have_entries_of_their_own) {
  open_two(QueueKind::kFifo);
  EXPECT_EQ(join_as(kSale, kOne).entry->position, 1U);
  EXPECT_EQ(join_as(kSale, kInTheSameSale).entry->position, 2U);
  EXPECT_EQ(join_as(kSecond, kInTheSecondSale).entry->position, 1U);
  EXPECT_EQ(join_as(kSecond, kOne).entry->position, 2U);
  EXPECT_EQ(join_as(kSale, kOne).outcome, Outcome::kAlready);
}

}  // namespace
}  // namespace doorbuster::sale
