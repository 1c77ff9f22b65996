// A short link, as it is stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::links {

inline constexpr size_t kLongUrlBytesMax = 8'192;
inline constexpr size_t kTitleBytesMax = 512;
inline constexpr size_t kTagBytesMax = 64;
inline constexpr size_t kTagsMax = 16;
inline constexpr size_t kSaleBytesMax = 64;

// How a visitor is sent on.
inline constexpr uint16_t kRedirectStatusDefault = 301;

struct Link {
  uint64_t number = 0;    // no other link has it, ever
  std::string code = {};  // what stands behind the slash: generated, or a custom alias
  std::string long_url = {};
  Timestamp created_at = {};
  uint32_t version = 1;  // one more with each change
  uint16_t redirect_status = kRedirectStatusDefault;
  std::optional<Timestamp> valid_since = {};
  std::optional<Timestamp> expires_at = {};
  std::optional<uint64_t> visits_max = {};
  std::string title = {};
  std::vector<std::string> tags = {};
  std::string sale = {};  // whose channel it is; empty: of none. It stays as it was made
  uint64_t owner = 0;     // the number of the user who made it; 0: an operator did. It stays, too
  bool operator==(const Link&) const = default;
};

// Where a visitor is sent: to the long URL, and from a channel of a sale with `channel=CODE` in its query, so that the
// page can say by which link its visitor came.
[[nodiscard]] std::string destination_of(const Link& link);

// The bytes of a link, without its code, which is its key. docs/formats/links-store.md
[[nodiscard]] std::vector<std::byte> encode_link(const Link& link);
// kCorrupt if these are not bytes of a link.
[[nodiscard]] Result<Link> decode_link(std::string_view code, Bytes stored);

}  // namespace doorbuster::links
