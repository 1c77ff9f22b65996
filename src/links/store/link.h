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
#include "links/machine/click.h"

namespace doorbuster::links {

inline constexpr size_t kLongUrlBytesMax = 8'192;
inline constexpr size_t kTitleBytesMax = 512;
inline constexpr size_t kTagBytesMax = 64;
inline constexpr size_t kTagsMax = 16;
inline constexpr size_t kSaleBytesMax = 64;
inline constexpr size_t kLinkDomainBytesMax = 253;
inline constexpr size_t kVariantsMin = 2;
inline constexpr size_t kVariantsMax = 8;
inline constexpr size_t kVariantNameBytesMax = 64;
inline constexpr size_t kExternalIdBytesMax = 128;

// How a visitor is sent on.
inline constexpr uint16_t kRedirectStatusDefault = 301;

// One of several addresses among which visitors are shared out.
struct Variant {
  std::string name = {};
  std::string long_url = {};
  uint32_t weight = 1;
  bool operator==(const Variant&) const = default;
};
// What clicks call a variant: the same for a name for ever, so that counts go on when a variant leads elsewhere. Never
// kNoVariant or kOtherVariants.
[[nodiscard]] uint32_t variant_key(std::string_view name);

struct Link {
  uint64_t number = 0;  // no other link has it, ever
  // What stands behind the slash, generated or a custom alias; on another domain than the default one with its host and
  // a slash before it, so that all codes of all domains are different ones.
  std::string code = {};
  std::string long_url = {};
  Timestamp created_at = {};
  uint32_t version = 1;  // one more with each change
  uint16_t redirect_status = kRedirectStatusDefault;
  std::optional<Timestamp> valid_since = {};
  std::optional<Timestamp> expires_at = {};
  std::optional<uint64_t> visits_max = {};
  std::string title = {};
  std::vector<std::string> tags = {};
  std::string sale = {};   // whose channel it is; empty: of none. It stays as it was made
  uint64_t owner = 0;      // the number of the user who made it; 0: an operator did. It stays, too
  std::string rules = {};  // as write_rules() writes them (api/link_rules.h); empty: none
  std::vector<Variant> variants = {};
  std::string password_hash = {};  // argon2id; empty: it has none
  bool forward_query = false;      // the visitor's query goes on to the destination
  std::string external_id = {};    // whatever its maker calls it
  bool operator==(const Link&) const = default;
};

// The two parts of such a code, "brand.example/abc": the domain is empty on the default one.
[[nodiscard]] inline std::string_view domain_in(std::string_view code) {
  const size_t slash = code.find('/');
  return slash == std::string_view::npos ? std::string_view() : code.substr(0, slash);
}
[[nodiscard]] inline std::string_view code_in(std::string_view code) { return code.substr(code.find('/') + 1); }
[[nodiscard]] inline std::string code_on(std::string_view domain, std::string_view code) {
  return domain.empty() ? std::string(code) : std::string(domain).append(1, '/').append(code);
}

// Where a visitor is sent: to the long URL, and from a channel of a sale with `channel=CODE` in its query, so that the
// page can say by which link its visitor came.
[[nodiscard]] std::string destination_of(const Link& link);
// The same of another address that the link may lead to.
[[nodiscard]] std::string destination_of(const Link& link, std::string_view long_url);

// The bytes of a link, without its code, which is its key. docs/formats/links-store.md
[[nodiscard]] std::vector<std::byte> encode_link(const Link& link);
void append_link(std::vector<std::byte>& out, const Link& link);
// kCorrupt if these are not bytes of a link.
[[nodiscard]] Result<Link> decode_link(std::string_view code, Bytes stored);

}  // namespace doorbuster::links
