// The token in a link to a sale's report: whoever has the link may read the report of a finished sale, without a key.
//
// base64url of: sale, 4 bytes | HMAC-SHA-256 over it truncated to 16. Nothing is stored, so a link is good as long as
// the master key is.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

class ReportTokens {
 public:
  explicit ReportTokens(Bytes master_key) : key_(derive_key(master_key, "doorbuster report link v1")) {}

  [[nodiscard]] std::string issue(SaleNumber sale) const;
  // Whether the text is the token of that sale's report.
  [[nodiscard]] bool fits(std::string_view token, SaleNumber sale) const;

 private:
  HmacSha256 key_;
};

}  // namespace doorbuster::sale
