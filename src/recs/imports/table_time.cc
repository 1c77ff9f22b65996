#include "recs/imports/table_time.h"

#include "recs/evaluation/baskets_format.h"

namespace doorbuster::recs {

Result<Timestamp> time_in_field(std::string_view text) {
  if (const auto at = parse_rfc3339(text)) return *at;
  const int64_t seconds = TRY(parse_shop_date(text));
  return Timestamp::from_micros(seconds * 1'000'000);
}

}  // namespace doorbuster::recs
