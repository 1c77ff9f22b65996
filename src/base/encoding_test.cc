#include "base/encoding.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "base/prng.h"

namespace doorbuster {
namespace {

std::string encoded(std::string_view text) { return to_base64url(as_bytes(text)); }

std::optional<std::string> decoded(std::string_view text, size_t room = 64) {
  std::vector<std::byte> out(room);
  const std::optional<size_t> size = from_base64url(text, out);
  if (!size) return std::nullopt;
  return std::string(as_text(Bytes(out).first(*size)));
}

// RFC 4648 section 10, without the padding that section 3.2 lets us leave out.
TEST(Base64Url, gives_the_published_values) {
  const std::array<std::pair<std::string_view, std::string_view>, 7> vectors = {{{"", ""},
                                                                                 {"f", "Zg"},
                                                                                 {"fo", "Zm8"},
                                                                                 {"foo", "Zm9v"},
                                                                                 {"foob", "Zm9vYg"},
                                                                                 {"fooba", "Zm9vYmE"},
                                                                                 {"foobar", "Zm9vYmFy"}}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(encoded(plain), text);
    EXPECT_EQ(decoded(text), plain);
  }
}

TEST(Base64Url, uses_the_alphabet_that_is_safe_in_addresses) {
  EXPECT_EQ(encoded("\xFB\xFF\xBF"), "-_-_");
  EXPECT_EQ(decoded("-_-_"), "\xFB\xFF\xBF");
}

TEST(Base64Url, refuses_what_is_not_canonical) {
  for (const auto* text : {"Zg==", "Zm9v\n", "Zm 9", "Z", "Zm9vY", "+/+/", "Zh", "Zm9", "Zm8\xFF"}) {
    EXPECT_EQ(decoded(text), std::nullopt) << text;
  }
}

TEST(Base64Url, refuses_what_does_not_fit_and_writes_nothing_past_the_end) {
  EXPECT_EQ(decoded("Zm9vYmFy", 6), "foobar");
  EXPECT_EQ(decoded("Zm9vYmFy", 5), std::nullopt);
  EXPECT_EQ(decoded("Zg", 0), std::nullopt);
}

TEST(Base64Url, random_bytes_read_back_and_only_from_their_one_text) {
  Prng random(4648);
  for (int i = 0; i < 3'000; ++i) {
    std::string bytes(random.below(60), '\0');
    for (char& c : bytes) c = static_cast<char>(random.below(256));
    std::string text = encoded(bytes);
    ASSERT_EQ(decoded(text), bytes);
    if (text.empty()) continue;
    text[random.below(text.size())] = static_cast<char>(random.below(256));
    const std::optional<std::string> changed = decoded(text);
    if (changed) {
      ASSERT_EQ(encoded(*changed), text);
    }
  }
}

TEST(Hex, gives_the_published_values) {
  EXPECT_EQ(to_hex(as_bytes("foobar")), "666f6f626172");
  EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, reads_either_case) {
  std::array<std::byte, 3> out{};
  EXPECT_TRUE(from_hex("00aBfF", out));
  EXPECT_EQ(to_hex(out), "00abff");
  EXPECT_TRUE(from_hex("", {}));
}

TEST(Hex, refuses_foreign_characters_and_other_lengths) {
  std::array<std::byte, 2> out{};
  for (const auto* text : {"", "00", "000", "00000", "000000", "00g0", "0x00", "00 0", "\xFF\xFF\xFF\xFF"}) {
    EXPECT_FALSE(from_hex(text, out)) << text;
  }
}

TEST(Hex, every_byte_reads_back) {
  for (int value = 0; value < 256; ++value) {
    const auto byte = static_cast<std::byte>(value);
    std::array<std::byte, 1> out{};
    ASSERT_TRUE(from_hex(to_hex(Bytes(&byte, 1)), out));
    EXPECT_EQ(out[0], byte);
  }
}

}  // namespace
}  // namespace doorbuster
