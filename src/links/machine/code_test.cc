#include "links/machine/code.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace doorbuster::links {
namespace {

constexpr std::array<std::byte, 16> kKey = {std::byte{1}, std::byte{2}, std::byte{3}};

TEST(CodeCipher, gives_each_number_a_code_of_its_own_and_finds_it_again) {
  const CodeCipher cipher(kKey);
  std::set<std::string> codes;
  for (uint64_t number = 0; number < 100'000; ++number) {
    const CodeText code = cipher.code_of(number);
    EXPECT_EQ(cipher.number_of(view(code)), number);
    codes.emplace(view(code));
  }
  EXPECT_EQ(codes.size(), 100'000U);
  for (const uint64_t number : {kCodes - 1, kCodes / 2, kCodes / 3}) {
    EXPECT_EQ(cipher.number_of(view(cipher.code_of(number))), number);
  }
}

TEST(CodeCipher, tells_no_order) {
  const CodeCipher cipher(kKey);
  std::array<int, 62> first{};
  size_t rising = 0;
  std::string before;
  for (uint64_t number = 0; number < 62'000; ++number) {
    const std::string code(view(cipher.code_of(number)));
    rising += code > before ? 1U : 0U;
    before = code;
    ++first[static_cast<size_t>(
        std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz").find(code.front()))];
  }
  EXPECT_NEAR(static_cast<double>(rising), 31'000, 500) << "as likely above its neighbour as below";
  EXPECT_GT(*std::ranges::min_element(first), 840) << "a thousand each, within five deviations";
  EXPECT_LT(*std::ranges::max_element(first), 1'160);
}

TEST(CodeCipher, is_another_one_by_another_key) {
  std::array<std::byte, 16> other = kKey;
  other[15] = std::byte{1};
  size_t same = 0;
  for (uint64_t number = 0; number < 1'000; ++number)
    same += CodeCipher(kKey).code_of(number) == CodeCipher(other).code_of(number) ? 1U : 0U;
  EXPECT_EQ(same, 0U);
}

TEST(CodeCipher, takes_nothing_else_for_a_code) {
  const CodeCipher cipher(kKey);
  for (const std::string_view text : {"", "abcdef", "abcdefgh", "abc-efg", "abc efg", "abcdef\xC3"})
    EXPECT_EQ(cipher.number_of(text), std::nullopt) << text;
}

}  // namespace
}  // namespace doorbuster::links
