// Whatever the bytes: a snapshot is refused, or it is a state that keeps its promises and is saved as the same bytes.
#include <algorithm>

#include "sale/machine/invariants.h"
#include "sale/machine/machine.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  sale::Machine machine({.sales = 3, .holds = 24, .entries = 40, .operator_keys = 6});
  if (!machine.load(bytes).has_value()) return 0;
  std::vector<std::byte> again;
  machine.save(again);
  ASSERT(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  (void)sale::broken_invariants(machine.state());
  machine.go_live(Timestamp::from_micros(1'700'000'000'000'000));
  return 0;
}
