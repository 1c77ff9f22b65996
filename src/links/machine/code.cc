#include "links/machine/code.h"

#include "base/assert.h"

namespace doorbuster::links {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr unsigned kRounds = 10;
constexpr unsigned kHalfBits = 21;
constexpr uint64_t kHalfMask = (uint64_t{1} << kHalfBits) - 1;
static_assert(kCodes < uint64_t{1} << (2 * kHalfBits));

constexpr int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  if (c >= 'a' && c <= 'z') return c - 'a' + 36;
  return -1;
}

std::optional<uint64_t> from_digits(std::string_view code) {
  if (code.size() != kCodeLength) return std::nullopt;
  uint64_t value = 0;
  for (const char c : code) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    value = value * kDigits.size() + static_cast<uint64_t>(digit);
  }
  return value;
}

}  // namespace

CodeText code_in_digits(uint64_t value) {
  ASSERT(value < kCodes);
  CodeText code;
  for (size_t i = code.size(); i-- > 0; value /= kDigits.size()) code[i] = kDigits[value % kDigits.size()];
  return code;
}

uint64_t CodeCipher::round(unsigned number, uint64_t half) const {
  return hash_(uint64_t{number} << kHalfBits | half) & kHalfMask;
}

uint64_t CodeCipher::permute(uint64_t value) const {
  uint64_t left = value >> kHalfBits;
  uint64_t right = value & kHalfMask;
  for (unsigned i = 0; i < kRounds; ++i) {
    const uint64_t mixed = left ^ round(i, right);
    left = right;
    right = mixed;
  }
  return left << kHalfBits | right;
}

uint64_t CodeCipher::permute_back(uint64_t value) const {
  uint64_t left = value >> kHalfBits;
  uint64_t right = value & kHalfMask;
  for (unsigned i = kRounds; i-- > 0;) {
    const uint64_t mixed = right ^ round(i, left);
    right = left;
    left = mixed;
  }
  return left << kHalfBits | right;
}

CodeText CodeCipher::code_of(uint64_t number) const {
  ASSERT(number < kCodes);
  uint64_t value = permute(number);
  while (value >= kCodes) value = permute(value);
  return code_in_digits(value);
}

std::optional<uint64_t> CodeCipher::number_of(std::string_view code) const {
  const auto value = from_digits(code);
  if (!value) return std::nullopt;
  uint64_t number = permute_back(*value);
  while (number >= kCodes) number = permute_back(number);
  return number;
}

}  // namespace doorbuster::links
