// A request that brings many links, and its answer, on their way between a reactor and the thread that reads it.
#pragma once

#include <optional>
#include <string>

#include "base/time_zone.h"
#include "links/imports/products.h"
#include "net/status.h"
#include "platform/api/bulk_rows.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {

inline constexpr size_t kBulkRowsMax = 10'000;

// Of links that come from elsewhere.
struct ImportAsked {
  Product product = Product::kCsv;
  TimeZone zone = {};       // of times without one
  std::string domain = {};  // only its links; empty: of all
  bool is_dry_run = false;  // say what would come of it
  bool takes_open = false;  // links that had a password, without it
};

struct BulkRequest {
  std::string body = {};
  platform::IdempotencyKey idempotency = {};
  std::string instance = {};  // the request's path
  Timestamp now = {};
  platform::BulkForm form = platform::BulkForm::kArray;
  bool all_or_nothing = false;
  uint64_t owner = 0;         // of the links
  uint64_t first_number = 0;  // of the links, as many as there may be rows, and some more
  uint32_t numbers = 0;
  std::optional<ImportAsked> import = {};  // then the five above say nothing
};

struct BulkAnswer {
  net::Status status = net::Status::kOk;
  std::string json = {};  // a problem document where the status says no
};

[[nodiscard]] BulkAnswer problem_of(const BulkRequest& request, net::Status status, std::string_view slug,
                                    std::string_view title, std::string_view detail);
// 503.
[[nodiscard]] BulkAnswer unavailable(const BulkRequest& request, std::string_view detail);

}  // namespace doorbuster::links
