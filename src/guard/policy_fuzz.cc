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
  for (size_t whom = 0; whom < policy->rates.size(); ++whom) {
    const bool is_by_action = guard::is_weighed(static_cast<guard::ChargedTo>(whom));
    for (const uint32_t by_action : policy->weights) {
      const uint32_t weight = is_by_action ? by_action : 1;
      ASSERT(weight <= policy->rates[whom].burst);
      (void)guard::Price(policy->rates[whom], weight);
    }
  }
  return 0;
}
