// A link as another product tells of it, before anybody has looked whether it can be taken.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/time_zone.h"
#include "links/imports/products.h"
#include "links/machine/imported_clicks.h"

namespace doorbuster::links {

// No link was followed more often, whatever a file says.
inline constexpr int64_t kImportedClicksMax = 1'000'000'000'000;
inline constexpr size_t kImportedDaysMax = 36'525;
inline constexpr size_t kImportedTagsMax = 256;

// What it has that links here have not. Of those that would change who gets through the row is refused, unless it was
// asked for it; the others are said.
enum class Lack : uint8_t {
  kPassword,
  kRules,       // where visitors are sent by device, country, language
  kVariants,    // an A/B test
  kExpiredUrl,  // where visitors are sent once it is over
  kAppLinks,
  kCloaked,  // the target is shown within the short link's page
  kSale,     // it was a sale's channel
};

struct ForeignLink {
  std::string code = {};
  std::vector<std::string> more_codes = {};  // which lead there, too
  std::string domain = {};                   // in small letters; empty: it is not said
  std::string long_url = {};
  std::string title = {};
  std::vector<std::string> tags = {};
  std::optional<Timestamp> created_at = {};
  std::optional<Timestamp> valid_since = {};
  std::optional<Timestamp> expires_at = {};
  std::optional<uint64_t> visits_max = {};
  uint64_t visits_used = 0;  // of visits_max
  std::optional<uint16_t> redirect_status = {};
  std::vector<ImportedDay> clicks = {};
  bool is_banned = false;
  bool forward_query = false;
  // Of this server's links with rules, variants, a password or an id of somebody's: a row as POST /api/v1/urls/bulk
  // takes it, which has them.
  std::string row = {};
  std::vector<Lack> lacks = {};
};

// kInvalid: which member is wrong, and how. Times without a zone are that zone's.
[[nodiscard]] Result<ForeignLink> read_foreign_json(Product product, std::string_view row, const TimeZone& zone);

// Which column is which: made of the first line of a table.
class ForeignColumns {
 public:
  // kInvalid: what is missing.
  [[nodiscard]] static Result<ForeignColumns> of(Product product, const std::vector<std::string>& names);
  [[nodiscard]] Result<ForeignLink> read(const std::vector<std::string>& fields, const TimeZone& zone) const;

 private:
  static constexpr size_t kMost = 20;
  [[nodiscard]] std::string_view field(const std::vector<std::string>& fields, size_t column) const;

  Product product_ = Product::kCsv;
  size_t columns_ = 0;                           // that a row has
  std::array<std::optional<size_t>, kMost> at_;  // of each thing that is known
};

// A time as any of the products writes it: RFC 3339 with its offset written in any of the usual ways or left out, a
// space for the T, or a day alone. kInvalid: half a sentence.
[[nodiscard]] Result<Timestamp> read_foreign_time(std::string_view text, const TimeZone& zone);

// Of a short link, with or without its scheme ("https://Go.Example/abc", "bit.ly/abc"): the host in small letters, and
// what stands behind its first slash.
struct ShortUrlParts {
  std::string domain;
  std::string_view code;
};
[[nodiscard]] ShortUrlParts parts_of_short_url(std::string_view url);

}  // namespace doorbuster::links
