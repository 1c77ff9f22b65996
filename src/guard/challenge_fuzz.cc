// Solutions of any bytes, as they came and behind base64: none of them is good, because nobody has solved anything.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "base/base64.h"
#include "base/bytes.h"
#include "guard/challenge.h"

using namespace doorbuster;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr Timestamp kNow = Timestamp::from_micros(1'700'000'000'000'000);
  static guard::Challenges challenges(Digest{}, 1'000, kNow);
  const Bytes bytes = std::as_bytes(std::span(data, size));
  ASSERT(challenges.use(as_text(bytes), kNow).status != guard::SolutionStatus::kGood);
  ASSERT(challenges.use(to_base64(bytes), kNow).status != guard::SolutionStatus::kGood);
  return 0;
}
