// The codes of short links: seven characters of 0-9, A-Z, a-z, one for each number, in an order that nobody can
// foretell.
//
// A number is permuted by a Feistel network of ten rounds over two halves of 21 bits, with SipHash under a secret key
// as its round function (Luby and Rackoff 1988); what falls outside of the 62^7 codes is permuted again until it does
// not (cycle walking: Black and Rogaway 2002), one time in four. So codes need no look-up, never collide, and tell
// neither how many links there are nor what the next one will be.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/siphash.h"

namespace doorbuster::links {

inline constexpr size_t kCodeLength = 7;
inline constexpr uint64_t kCodes = 3'521'614'606'208;  // 62^7
using CodeText = std::array<char, kCodeLength>;
inline std::string_view view(const CodeText& code) { return {code.data(), code.size()}; }

// Asserts value < kCodes.
[[nodiscard]] CodeText code_in_digits(uint64_t value);

class CodeCipher {
 public:
  // By the first 16 bytes of a key that has no other use. With another key the same numbers have other codes.
  explicit CodeCipher(Bytes key) : hash_(key) {}

  // Asserts number < kCodes.
  [[nodiscard]] CodeText code_of(uint64_t number) const;
  // The number whose code this would be; nothing if it has not the form of a code.
  [[nodiscard]] std::optional<uint64_t> number_of(std::string_view code) const;

 private:
  [[nodiscard]] uint64_t permute(uint64_t value) const;
  [[nodiscard]] uint64_t permute_back(uint64_t value) const;
  [[nodiscard]] uint64_t round(unsigned number, uint64_t half) const;

  SipHash hash_;
};

}  // namespace doorbuster::links
