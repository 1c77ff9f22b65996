// Whatever opens as an id seals to the very same text.
#include "auth/sealed_id.h"

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::auth;
  static constexpr std::array<std::byte, 32> kMaster{};
  static const IdSealer sealer(kMaster);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const IdKind kind : {IdKind::kHold, IdKind::kEntry, IdKind::kOrder, IdKind::kStalledEntry}) {
    if (const auto id = sealer.open(text, kind)) ASSERT(view(sealer.seal(*id)) == text);
  }
  ByteReader reader(as_bytes(text));
  const SealedId made{.kind = IdKind::kHold, .sale = reader.integer<uint32_t>(), .number = reader.integer<uint64_t>()};
  ASSERT(sealer.open(view(sealer.seal(made)), IdKind::kHold) == made);
  return 0;
}
