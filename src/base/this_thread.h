// What a thread tells the kernel of itself when it begins: docs/decisions/0064-who-is-waited-for-comes-first.md.
#pragma once

#include <cstdint>
#include <string>

namespace doorbuster {

enum class Urgency : uint8_t {
  kWaitedFor,  // customers wait for it: it gets short turns, and so gets them sooner, but not more of them
  kUsual,
  kCanWait,  // while others want the whole core it gets about a tenth of it, and when nobody does, all
};

// `top -H` and `perf` show the name; the kernel keeps 15 bytes of it. Urgency is a hint: where the kernel does not know
// of short turns (before Linux 6.12), or has been told of another policy for this process, all stays as it is.
void begin_thread(const std::string& name, Urgency urgency = Urgency::kUsual);

}  // namespace doorbuster
