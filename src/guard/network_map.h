// Which class of network an address belongs to, by lists of networks and of autonomous systems.
//
// Of networks that lie in one another the smallest counts. A look costs a binary search: lists may have as many entries
// as the clouds publish.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/assessment.h"
#include "base/result.h"
#include "net/networks.h"

namespace doorbuster::guard {

// By NetworkClass; each entry a network ("203.0.113.0/24") or an autonomous system ("AS64500").
using NetworkLists = std::array<std::vector<std::string>, kNetworkClassNames.size()>;

// Half a sentence where it is neither: "must be ...".
[[nodiscard]] Result<void> network_or_system(std::string_view text);

class NetworkMap {
 public:
  NetworkMap() = default;
  // kInvalid: an entry is neither, or one of two classes.
  [[nodiscard]] static Result<NetworkMap> make(const NetworkLists& lists);

  // kUnknown if it is in none.
  [[nodiscard]] NetworkClass of(const net::PeerAddress& address) const;
  [[nodiscard]] NetworkClass of_system(uint32_t number) const;
  [[nodiscard]] bool knows_systems() const { return !systems_.empty(); }

 private:
  __extension__ using Number = unsigned __int128;  // an address
  // From this address on, until the next begin.
  struct Begin {
    Number first;
    NetworkClass network;
  };
  struct Listed {
    net::Network network;
    NetworkClass of;
    std::string text;
  };
  struct System {
    uint32_t number;
    NetworkClass network;
  };
  // In the order of their addresses.
  void flatten(const std::vector<Listed>& listed);

  std::vector<Begin> begins_;    // in order
  std::vector<System> systems_;  // in order
};

}  // namespace doorbuster::guard
