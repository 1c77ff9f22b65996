#include "sale/views/status_board.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace doorbuster::sale {
namespace {

// Every member tells the same number, so a torn copy shows.
PublicStatus uniform(SaleNumber sale, uint32_t number) {
  return {.sale = sale,
          .state = SaleState::kOpen,
          .units = number,
          .available = number,
          .offered = number,
          .held = number,
          .paying = number,
          .sold = number,
          .waiting = number,
          .now_serving = number,
          .last_position = number,
          .all_held_at = Timestamp::from_micros(number),
          .all_sold_at = Timestamp::from_micros(number)};
}

bool is_uniform(const PublicStatus& status) {
  for (const uint32_t each : {status.available, status.offered, status.held, status.paying, status.sold, status.waiting,
                              status.now_serving, status.last_position})
    if (each != status.units) return false;
  return status.all_held_at.micros() == status.units && status.all_sold_at.micros() == status.units;
}

TEST(StatusBoard, shows_nothing_before_anything_was_published) {
  EXPECT_EQ(StatusBoard(2).read(SaleNumber(1)).version, 0U);
}

TEST(StatusBoard, keeps_cells_apart) {
  StatusBoard board(100, 3);
  const SaleNumber last = sale_number(CellId(2), 99);
  board.publish(uniform(sale_number(CellId(2), 0), 5));
  board.publish(uniform(last, 7));
  EXPECT_EQ(board.read(last).status.units, 7U);
  EXPECT_EQ(board.read(last).status.sale, last);
  EXPECT_EQ(board.read(sale_number(CellId(2), 0)).status.units, 5U);
  EXPECT_EQ(board.read(SaleNumber(0)).version, 0U);
  EXPECT_EQ(board.read(SaleNumber(99)).version, 0U);
}

TEST(StatusBoard, keeps_sales_apart) {
  StatusBoard board(2);
  board.publish(uniform(SaleNumber(0), 5));
  board.publish(uniform(SaleNumber(1), 7));
  EXPECT_EQ(board.read(SaleNumber(0)).status.units, 5U);
  EXPECT_EQ(board.read(SaleNumber(1)).status.units, 7U);
}

TEST(StatusBoard, never_shows_a_half_written_status_and_never_goes_back) {
  constexpr uint32_t kWrites = 20'000;
  StatusBoard board(1);
  board.publish(uniform(SaleNumber(0), 1));
  std::vector<std::thread> readers;
  std::atomic<uint32_t> torn{0};
  std::atomic<uint32_t> backwards{0};
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      uint32_t last = 0;
      uint64_t version = 0;
      while (last < kWrites) {
        const StatusBoard::Read read = board.read(SaleNumber(0));
        torn += is_uniform(read.status) ? 0 : 1;
        backwards += read.status.units < last || read.version < version ? 1 : 0;
        last = read.status.units;
        version = read.version;
      }
    });
  }
  for (uint32_t number = 2; number <= kWrites; ++number) board.publish(uniform(SaleNumber(0), number));
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0U);
  EXPECT_EQ(backwards, 0U);
}

}  // namespace
}  // namespace doorbuster::sale
