#include "app/attestation.h"

#include <unistd.h>

#include <array>

namespace doorbuster::app {

ops::Durability attested_by(const log::Log& log) {
  const log::Durability durability = log.durability();
  return {.store = std::string(durability.store),
          .guarantee = std::string(durability.guarantee),
          .survives_process_crash = durability.survives_process_crash,
          .survives_power_loss = durability.survives_power_loss};
}

// The host's name is cut where the log would cut it, so that the process's number is never lost.
std::string name_of_this_process() {
  const std::string process = ":" + std::to_string(getpid());
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return std::string(host.data()).substr(0, log::kOwnerBytesMax - process.size()) + process;
}

}  // namespace doorbuster::app
