// Requests of any bytes: explained or refused with words, never anything else.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "base/bytes.h"
#include "guard/explain.h"

using namespace doorbuster;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const guard::Policy policy = guard::policy_of(guard::Preset::kDrop);
  const auto words = guard::explain_request(policy, as_text(std::as_bytes(std::span(data, size))), {});
  ASSERT(!(words ? *words : words.error().message).empty());
  return 0;
}
