// Whatever bytes a log or a snapshot holds: they are read or refused, and what was read is applied without harm.
#include "links/machine/links_machine.h"

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::links;
  const Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  uint64_t seen = 0;
  const auto count = for_each_event(bytes, [&](const Event&) { ++seen; });
  ASSERT(!count || *count >= seen);
  LinksMachine machine;
  ASSERT(machine.apply(bytes, {}).has_value() == count.has_value());
  LinksMachine loaded;
  (void)loaded.load_part(bytes);
  std::vector<std::byte> part;
  machine.begin_snapshot();
  while (machine.save_part(part)) ASSERT(LinksMachine().load_part(part).has_value());
  return 0;
}
