#include "base/crypto.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

#include <set>
#include <thread>

#include "base/encoding.h"
#include "base/prng.h"

namespace doorbuster {
namespace {

std::string repeat(char c, size_t times) { return std::string(times, c); }

std::string random_text(Prng& random, size_t limit) {
  std::string text(random.below(limit), '\0');
  for (char& c : text) c = static_cast<char>(random.below(256));
  return text;
}

// NIST's examples for FIPS 180-4.
TEST(Sha256, gives_the_published_values) {
  const auto hex = [](std::string_view text) { return to_hex(sha256(as_bytes(text))); };
  EXPECT_EQ(hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(repeat('a', 1'000'000)), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, of_two_parts_is_that_of_their_concatenation) {
  Prng random(180);
  for (int i = 0; i < 500; ++i) {
    const std::string first = random_text(random, 150);
    const std::string second = random_text(random, 150);
    ASSERT_EQ(sha256(as_bytes(first), as_bytes(second)), sha256(as_bytes(first + second)));
  }
}

struct HmacVector {
  std::string key;
  std::string message;
  std::string digest;  // case 5 publishes only the first 128 bits
};

// RFC 4231 section 4, cases 1 to 7.
const std::vector<HmacVector>& hmac_vectors() {
  static const std::vector<HmacVector> vectors = {
      {repeat('\x0b', 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {repeat('\xaa', 20), repeat('\xdd', 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19",
       repeat('\xcd', 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {repeat('\x0c', 20), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
      {repeat('\xaa', 131), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {repeat('\xaa', 131),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
       "hashed "
       "before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  return vectors;
}

TEST(HmacSha256, gives_the_published_values) {
  for (const HmacVector& vector : hmac_vectors()) {
    const Digest digest = HmacSha256(as_bytes(vector.key)).sign(as_bytes(vector.message));
    EXPECT_EQ(to_hex(digest).substr(0, vector.digest.size()), vector.digest);
  }
}

Digest openssl_hmac(std::string_view key, std::string_view message) {
  Digest digest;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

TEST(HmacSha256, agrees_with_open_ssl_for_random_keys_and_messages_in_two_parts) {
  Prng random(4231);
  for (int i = 0; i < 1'000; ++i) {
    const std::string key = random_text(random, 140);
    const std::string first = random_text(random, 140);
    const std::string second = random_text(random, 140);
    const HmacSha256 hmac(as_bytes(key));
    ASSERT_EQ(hmac.sign(as_bytes(first), as_bytes(second)), openssl_hmac(key, first + second)) << "case " << i;
  }
}

TEST(HmacSha256, takes_an_empty_key_and_an_empty_message) { EXPECT_EQ(HmacSha256({}).sign({}), openssl_hmac("", "")); }

// RFC 5869 appendix A.3: no salt, no info.
TEST(DeriveKey, gives_the_published_value) {
  const Digest key = derive_key(as_bytes(repeat('\x0b', 22)), "");
  EXPECT_EQ(to_hex(key), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

Digest openssl_hkdf(std::string_view secret, std::string_view info) {
  const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr);
  Digest key;
  size_t size = key.size();
  EXPECT_EQ(EVP_PKEY_derive_init(context), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set1_hkdf_key(context, bytes(secret), static_cast<int>(secret.size())), 1);
  EXPECT_EQ(EVP_PKEY_CTX_add1_hkdf_info(context, bytes(info), static_cast<int>(info.size())), 1);
  EXPECT_EQ(EVP_PKEY_derive(context, reinterpret_cast<unsigned char*>(key.data()), &size), 1);
  EVP_PKEY_CTX_free(context);
  return key;
}

TEST(DeriveKey, agrees_with_open_ssl_and_differs_by_purpose) {
  const std::string secret = "a master secret of the server";
  EXPECT_EQ(derive_key(as_bytes(secret), "customer tokens"), openssl_hkdf(secret, "customer tokens"));
  EXPECT_NE(derive_key(as_bytes(secret), "customer tokens"), derive_key(as_bytes(secret), "entry tokens"));
}

TEST(EqualInConstantTime, is_equality) {
  EXPECT_TRUE(equal_in_constant_time(as_bytes("abc"), as_bytes("abc")));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("ab")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), {}));
}

TEST(FillRandom, fills_every_byte_and_never_twice_the_same) {
  std::array<std::byte, 64> first{};
  std::array<std::byte, 64> second{};
  fill_random(first);
  fill_random(second);
  EXPECT_NE(first, second);
  std::array<bool, 64> changed{};
  for (int i = 0; i < 64; ++i) {  // a byte that stays zero through 64 draws has not been written
    fill_random(second);
    for (size_t at = 0; at < second.size(); ++at) changed[at] = changed[at] || second[at] != std::byte{0};
  }
  for (const bool byte_changed : changed) EXPECT_TRUE(byte_changed);
  fill_random({});
}

TEST(FillRandom, gives_no_id_twice_on_any_thread) {
  constexpr int kEach = 1'000;  // a thread's stock is used up many times over
  std::array<std::vector<std::array<std::byte, 16>>, 4> drawn;
  std::vector<std::thread> threads;
  for (auto& ids : drawn) {
    threads.emplace_back([&ids] {
      for (int i = 0; i < kEach; ++i) fill_random(ids.emplace_back());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::array<std::byte, 16>> different;
  for (const auto& ids : drawn) different.insert(ids.begin(), ids.end());
  EXPECT_EQ(different.size(), drawn.size() * kEach);
}

}  // namespace
}  // namespace doorbuster
