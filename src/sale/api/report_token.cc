#include "sale/api/report_token.h"

#include <vector>

#include "base/encoding.h"

namespace doorbuster::sale {

std::string ReportTokens::issue(SaleNumber sale) const {
  constexpr size_t kTagBytes = 16;
  std::vector<std::byte> token;
  ByteWriter bytes(token);
  bytes.integer(sale.value());
  const Digest tag = key_.sign(token);
  bytes.raw(Bytes(tag).first(kTagBytes));
  return to_base64url(token);
}

bool ReportTokens::fits(std::string_view token, SaleNumber sale) const {
  return equal_in_constant_time(as_bytes(token), as_bytes(issue(sale)));
}

}  // namespace doorbuster::sale
