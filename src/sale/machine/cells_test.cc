// What a machine of another cell than the first one does differently: it numbers its sales, and knows no other cell's.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr CellId kCell{7};

class InAnotherCell : public MachineFixture {
 protected:
  Reply on(Machine& machine, const Command& command) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    const Reply reply = machine.decide(command, at(20), sink);
    if (!payload.empty()) log_of_seven_.push_back({std::move(payload), at(20)});
    return reply;
  }
  Reply create_in(Machine& machine, const std::string& id) {
    Settings wanted = settings(QueueKind::kNone, 3);
    wanted.id = id;
    return on(machine, CreateSale{std::make_unique<Settings>(std::move(wanted)), false, by_operator()});
  }

  Machine seven_{kSmall, entry_name, kCell};
  std::vector<RecordedBatch> log_of_seven_;
};

TEST(SaleNumbers, say_their_cell_and_which_of_its_sales_they_are) {
  EXPECT_EQ(sale_number(CellId{0}, 3), SaleNumber(3));
  EXPECT_EQ(sale_number(CellId{1}, 0), SaleNumber(16'777'216));
  const SaleNumber last = sale_number(CellId{kCellsMax - 1}, kSalesACellMax - 1);
  EXPECT_EQ(cell_of(last), CellId{254});
  EXPECT_EQ(index_of(last), kSalesACellMax - 1);
}

TEST_F(InAnotherCell, sales_are_numbered_from_the_cell_on) {
  seven_.go_live(kStart);
  EXPECT_EQ(create_in(seven_, "a").sale, sale_number(kCell, 0));
  EXPECT_EQ(create_in(seven_, "b").sale, sale_number(kCell, 1));
  const Reply held = on(seven_, Reserve{sale_number(kCell, 1), customer(1), {}});
  EXPECT_EQ(held.outcome, Outcome::kDone);
  EXPECT_EQ(held.hold->sale, sale_number(kCell, 1));
  EXPECT_EQ(on(seven_, Reserve{SaleNumber(1), customer(1), {}}).outcome, Outcome::kNotFound);
  EXPECT_EQ(replayed(log_of_seven_, kSmall, kCell), saved(seven_));
  EXPECT_EQ(loaded_and_saved(saved(seven_), kSmall, kCell), saved(seven_));
}

TEST_F(InAnotherCell, a_snapshot_is_no_other_cells_state) {
  seven_.go_live(kStart);
  create_in(seven_, "a");
  (void)on(seven_, Reserve{sale_number(kCell, 0), customer(1), {}});
  Machine other(kSmall, entry_name, CellId{8});
  EXPECT_FALSE(other.load(saved(seven_)).has_value());
}

}  // namespace
}  // namespace doorbuster::sale
