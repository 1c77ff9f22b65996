// Policies of any bytes: read or refused with words, never anything else; and what is read can be charged by.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "base/bytes.h"
#include "guard/policy.h"

using namespace doorbuster;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto policy = guard::parse_policy(as_text(std::as_bytes(std::span(data, size))), "policy");
  if (!policy) {
    ASSERT(!policy.error().message.empty());
    return 0;
  }
  for (const guard::Rate& rate : policy->rates) {
    for (const uint32_t weight : policy->weights) {
      ASSERT(weight <= rate.burst);
      (void)guard::Price(rate, weight);
    }
  }
  return 0;
}
