// Whatever bytes a file of a time zone holds: they are refused, or tell how far clocks are from UTC, at any time.
#include "base/time_zone.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  const auto zone = TimeZone::parse({reinterpret_cast<const std::byte*>(data), size});
  if (!zone) return 0;
  constexpr int64_t kYearMicros = int64_t{365} * 86'400 * 1'000'000;
  for (int64_t year = -300; year < 8'000; year += 13) (void)zone->offset_at(Timestamp::from_micros(year * kYearMicros));
  return 0;
}
