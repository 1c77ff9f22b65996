#include "base/base64.h"

#include <gtest/gtest.h>

#include <array>

namespace doorbuster {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::array<std::byte, 64> out;
  const auto size = from_base64(text, out);
  if (!size) return std::nullopt;
  return std::string(as_text(Bytes(out).first(*size)));
}

TEST(Base64, agrees_with_the_vectors_of_rfc_4648) {
  const std::array<std::pair<std::string_view, std::string_view>, 7> vectors = {{{"", ""},
                                                                                 {"f", "Zg=="},
                                                                                 {"fo", "Zm8="},
                                                                                 {"foo", "Zm9v"},
                                                                                 {"foob", "Zm9vYg=="},
                                                                                 {"fooba", "Zm9vYmE="},
                                                                                 {"foobar", "Zm9vYmFy"}}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    EXPECT_EQ(decoded(encoded), plain);
  }
}

TEST(Base64, uses_the_standard_alphabet_in_both_directions) {
  EXPECT_EQ(to_base64(as_bytes("\xFB\xEF\xFF")), "++//");
  EXPECT_EQ(decoded("++//"), "\xFB\xEF\xFF");
  EXPECT_EQ(decoded("--__"), std::nullopt);
}

TEST(Base64, refuses_what_is_not_canonical) {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Z===", "====", "Zm9v=", "Zm 9", "Zg==Zg=="})
    EXPECT_EQ(decoded(text), std::nullopt) << text;
}

}  // namespace
}  // namespace doorbuster
