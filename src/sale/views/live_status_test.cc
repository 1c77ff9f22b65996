#include "sale/views/live_status.h"

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

TEST(LiveStatus, shows_what_was_published_last) {
  LiveStatus live(uniform(SaleNumber(3), 5));
  const uint64_t first = live.read().version;
  EXPECT_EQ(live.read().status.units, 5U);
  live.publish(uniform(SaleNumber(3), 7));
  EXPECT_EQ(live.read().status.units, 7U);
  EXPECT_EQ(live.read().status.sale, SaleNumber(3));
  EXPECT_GT(live.read().version, first);
}

TEST(LiveStatus, never_shows_a_half_written_status_and_never_goes_back) {
  constexpr uint32_t kWrites = 20'000;
  LiveStatus live(uniform(SaleNumber(0), 1));
  std::vector<std::thread> readers;
  std::atomic<uint32_t> torn{0};
  std::atomic<uint32_t> backwards{0};
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      uint32_t last = 0;
      uint64_t version = 0;
      while (last < kWrites) {
        const LiveStatus::Read read = live.read();
        torn += is_uniform(read.status) ? 0 : 1;
        backwards += read.status.units < last || read.version < version ? 1 : 0;
        last = read.status.units;
        version = read.version;
      }
    });
  }
  for (uint32_t number = 2; number <= kWrites; ++number) live.publish(uniform(SaleNumber(0), number));
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0U);
  EXPECT_EQ(backwards, 0U);
}

}  // namespace
}  // namespace doorbuster::sale
