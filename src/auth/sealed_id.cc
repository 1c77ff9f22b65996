#include "auth/sealed_id.h"

#include <openssl/evp.h>

#include <algorithm>
#include <atomic>

#include "base/crockford.h"
#include "base/crypto.h"

namespace doorbuster::auth {
namespace {

constexpr int kBlockBytes = 16;
using Block = std::array<std::byte, kBlockBytes>;

constexpr uint8_t kForeign = 0xFF;

constexpr std::array<uint8_t, 256> reverse_alphabet() {
  std::array<uint8_t, 256> table{};
  table.fill(kForeign);
  for (size_t i = 0; i < kCrockford.size(); ++i) table[static_cast<uint8_t>(kCrockford[i])] = static_cast<uint8_t>(i);
  return table;
}
constexpr auto kReverse = reverse_alphabet();

__extension__ using Wide = unsigned __int128;

// The block as a big-endian number in base 32: 130 bits for 128, so the first character is at most '7'.
SealedText render(const Block& block) {
  Wide value = 0;
  for (const std::byte byte : block) value = value << 8 | static_cast<uint8_t>(byte);
  SealedText text;
  for (size_t i = text.size(); i-- > 0; value >>= 5) text[i] = kCrockford[static_cast<size_t>(value & 31)];
  return text;
}

std::optional<Block> parse(std::string_view text) {
  if (text.size() != kSealedIdLength || text[0] > '7') return std::nullopt;
  Wide value = 0;
  for (const char c : text) {
    const uint8_t digit = kReverse[static_cast<uint8_t>(c)];
    if (digit == kForeign) return std::nullopt;
    value = value << 5 | digit;
  }
  Block block;
  for (size_t i = block.size(); i-- > 0; value >>= 8) block[i] = static_cast<std::byte>(value);
  return block;
}

// {number u64, sale u32, kind u16, check u16}. The cipher diffuses any change over all of it, so a constant check is
// enough.
constexpr uint16_t kCheck = 0xD00B;
constexpr uint16_t kFirstKind = static_cast<uint16_t>(IdKind::kHold);
constexpr uint16_t kLastKind = static_cast<uint16_t>(IdKind::kStalledEntry);

Block pack(const SealedId& id) {
  Block block;
  const auto kind = static_cast<uint16_t>(id.kind);
  std::memcpy(block.data(), &id.number, 8);
  std::memcpy(block.data() + 8, &id.sale, 4);
  std::memcpy(block.data() + 12, &kind, 2);
  std::memcpy(block.data() + 14, &kCheck, 2);
  return block;
}

std::optional<SealedId> unpack(const Block& block, IdKind wanted) {
  ByteReader reader(block);
  const auto number = reader.integer<uint64_t>();
  const auto sale = reader.integer<uint32_t>();
  const auto kind = reader.integer<uint16_t>();
  const auto check = reader.integer<uint16_t>();
  if (check != kCheck || kind != static_cast<uint16_t>(wanted)) return std::nullopt;
  return SealedId{.kind = wanted, .sale = sale, .number = number};
}

// One direction of AES-128 on single blocks. ECB is right here and only here: no two ids have the same block.
class BlockCipher {
 public:
  BlockCipher(const Block& key, int encrypt) : context_(EVP_CIPHER_CTX_new()) {
    const auto* raw_key = reinterpret_cast<const unsigned char*>(key.data());
    ASSERT(context_ != nullptr);
    ASSERT(EVP_CipherInit_ex2(context_.get(), EVP_aes_128_ecb(), raw_key, nullptr, encrypt, nullptr) == 1);
    ASSERT(EVP_CIPHER_CTX_set_padding(context_.get(), 0) == 1);
  }

  Block run(const Block& in) {
    Block out;
    const auto* from = reinterpret_cast<const unsigned char*>(in.data());
    const int done =
        EVP_Cipher(context_.get(), reinterpret_cast<unsigned char*>(out.data()), from, unsigned{kBlockBytes});
    ASSERT(done == kBlockBytes);
    return out;
  }

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
};

struct Ciphers {
  uint64_t serial;  // of the sealer whose key they have
  BlockCipher seal;
  BlockCipher open;
};

// A context may not be shared between threads, and keying one costs more than using it.
Ciphers& ciphers_for(uint64_t serial, const Block& key) {
  thread_local std::unique_ptr<Ciphers> kept;
  if (kept == nullptr || kept->serial != serial) {
    kept = std::make_unique<Ciphers>(Ciphers{serial, BlockCipher(key, 1), BlockCipher(key, 0)});
  }
  return *kept;
}

uint64_t next_serial() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

}  // namespace

IdSealer::IdSealer(Bytes master_key) : serial_(next_serial()) {
  const Digest derived = derive_key(master_key, "doorbuster sealed id v1");
  std::copy_n(derived.begin(), key_.size(), key_.begin());
}

SealedText IdSealer::seal(const SealedId& id) const {
  ASSERT(static_cast<uint16_t>(id.kind) >= kFirstKind && static_cast<uint16_t>(id.kind) <= kLastKind);
  return render(ciphers_for(serial_, key_).seal.run(pack(id)));
}

std::optional<SealedId> IdSealer::open(std::string_view text, IdKind kind) const {
  const auto block = parse(text);
  if (!block) return std::nullopt;
  return unpack(ciphers_for(serial_, key_).open.run(*block), kind);
}

}  // namespace doorbuster::auth
