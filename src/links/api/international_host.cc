#include "links/api/international_host.h"

#include <unicode/uidna.h>

#include <array>
#include <memory>

namespace doorbuster::links {
namespace {

// A name in ASCII has 253 bytes at most; what is longer than so does not get there.
constexpr size_t kHostRoom = 1'024;

struct Close {
  void operator()(UIDNA* rules) const { uidna_close(rules); }
};
using Rules = std::unique_ptr<UIDNA, Close>;

Rules open_rules() {
  UErrorCode error = U_ZERO_ERROR;
  return Rules(uidna_openUTS46(
      UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
      &error));
}

// Those are looked at elsewhere, or not by browsers.
constexpr uint32_t kOverlooked = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                 UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                 UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

}  // namespace

Result<std::string> host_in_ascii(std::string_view host) {
  static const Rules kRules = open_rules();  // any thread
  std::array<char, kHostRoom> ascii;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode error = U_ZERO_ERROR;
  const int32_t size = kRules == nullptr || host.size() > kHostRoom
                           ? -1
                           : uidna_nameToASCII_UTF8(kRules.get(), host.data(), static_cast<int32_t>(host.size()),
                                                    ascii.data(), ascii.size(), &info, &error);
  const bool is_whole = size >= 0 && static_cast<size_t>(size) <= ascii.size() && U_SUCCESS(error);
  if (is_whole && (info.errors & ~kOverlooked) == 0) return std::string(ascii.data(), static_cast<size_t>(size));
  return fail(ErrorCode::kInvalid, "must have a host that is a name by the rules of IDNA (UTS #46)");
}

}  // namespace doorbuster::links
