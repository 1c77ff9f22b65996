// Public ids that cannot be guessed, made from internal numbers without storing anything.
//
// One AES-128 block (FIPS 197) encrypts {number, sale, kind, check}; the 16 bytes are written as 26 lower-case
// characters of Crockford's base32. A changed, invented or foreign id decrypts to random bytes: that it passes as an id
// of the wanted kind has a chance of 2^-32, and as one of the wanted sale 2^-64, so callers compare the sale too where
// they know it. docs/formats/tokens.md has the layout and test vectors.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace doorbuster::auth {

// What the number counts. The values are in ids that people keep: never change or reuse one.
enum class IdKind : uint16_t {
  kHold = 1,
  kEntry = 2,
  kOrder = 3,
  kRefund = 4,
  kPayment = 5,
  kEvent = 6,
  kStalledEntry = 7,  // looks like an entry's, and is in no line (sale/api/stalled_line.h)
};

struct SealedId {
  IdKind kind;
  uint32_t sale = 0;    // the sale's internal number
  uint64_t number = 0;  // unique within kind and sale
  constexpr auto operator<=>(const SealedId&) const = default;
};

inline constexpr size_t kSealedIdLength = 26;
using SealedText = std::array<char, kSealedIdLength>;
inline std::string_view view(const SealedText& text) { return {text.data(), text.size()}; }

// For use from any number of threads: each keeps its own cipher contexts.
class IdSealer {
 public:
  explicit IdSealer(Bytes master_key);

  [[nodiscard]] SealedText seal(const SealedId& id) const;

  // Nothing if this is not an id of that kind that we made (a capital letter or a look-alike counts as another id).
  [[nodiscard]] std::optional<SealedId> open(std::string_view text, IdKind kind) const;

 private:
  std::array<std::byte, 16> key_;
  uint64_t serial_;  // tells the contexts that threads keep for different sealers apart
};

}  // namespace doorbuster::auth
