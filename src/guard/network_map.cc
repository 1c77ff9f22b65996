#include "guard/network_map.h"

#include <algorithm>
#include <tuple>

#include "net/text.h"

namespace doorbuster::guard {
namespace {

constexpr unsigned kAddressBits = 128;
__extension__ constexpr unsigned __int128 kLastAddress = ~static_cast<unsigned __int128>(0);

// The number of "AS64500".
std::optional<uint32_t> system_in(std::string_view text) {
  if (!text.starts_with("AS")) return std::nullopt;
  const auto number = net::parse_number(text.substr(2));
  return number && *number > 0 && *number <= UINT32_MAX ? std::optional(static_cast<uint32_t>(*number)) : std::nullopt;
}

auto number_of(const std::array<uint8_t, 16>& bytes) {
  __extension__ unsigned __int128 number = 0;
  for (const uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

tl::unexpected<Error> fail_twice(const std::string& what, NetworkClass first, NetworkClass second) {
  return fail(ErrorCode::kInvalid,
              what + " is in two lists: " + std::string(kNetworkClassNames[static_cast<size_t>(first)]) + " and " +
                  std::string(kNetworkClassNames[static_cast<size_t>(second)]));
}

}  // namespace

Result<void> network_or_system(std::string_view text) {
  if (system_in(text)) return {};
  if (const auto network = net::parse_network(text); !network)
    return fail(ErrorCode::kInvalid, network.error().message + ", and no autonomous system such as AS64500");
  return {};
}

Result<NetworkMap> NetworkMap::make(const NetworkLists& lists) {
  NetworkMap map;
  std::vector<Listed> listed;
  for (size_t i = 0; i < lists.size(); ++i) {
    for (const std::string& text : lists[i]) {
      const auto network = static_cast<NetworkClass>(i);
      if (const auto number = system_in(text)) {
        map.systems_.push_back({*number, network});
      } else {
        listed.push_back({TRY(net::parse_network(text)), network, text});
      }
    }
  }
  std::ranges::sort(map.systems_, {}, &System::number);
  const auto of_two = std::ranges::adjacent_find(
      map.systems_, [](const System& a, const System& b) { return a.number == b.number && a.network != b.network; });
  if (of_two != map.systems_.end())
    return fail_twice("AS" + std::to_string(of_two->number), of_two->network, std::next(of_two)->network);
  const auto place = [](const Listed& one) { return std::tuple(one.network.bytes, one.network.bits); };
  std::ranges::sort(listed, {}, place);
  const auto twice = std::ranges::adjacent_find(
      listed, [&](const Listed& a, const Listed& b) { return place(a) == place(b) && a.of != b.of; });
  if (twice != listed.end()) return fail_twice(twice->text, twice->of, std::next(twice)->of);
  map.flatten(listed);
  return map;
}

// Networks lie in one another or apart. In the order of their first addresses, the larger ones first, those around an
// address are a stack: each begin is where one of them begins, or ends and the one around it goes on.
void NetworkMap::flatten(const std::vector<Listed>& listed) {
  struct Open {
    Number last;
    NetworkClass network;
  };
  std::vector<Open> open;
  const auto close_before = [&](Number first) {
    while (!open.empty() && open.back().last < first) {
      const Number next = open.back().last + 1;
      open.pop_back();
      begins_.push_back({next, open.empty() ? NetworkClass::kUnknown : open.back().network});
    }
  };
  for (const Listed& one : listed) {
    const Number first = number_of(one.network.bytes);
    close_before(first);
    begins_.push_back({first, one.of});
    open.push_back({first + (one.network.bits == kAddressBits ? 0 : kLastAddress >> one.network.bits), one.of});
  }
  close_before(kLastAddress);
}

// Of several begins at one address the last is the smallest network's.
NetworkClass NetworkMap::of(const net::PeerAddress& address) const {
  const auto behind = std::ranges::upper_bound(begins_, number_of(address.bytes), {}, &Begin::first);
  return behind == begins_.begin() ? NetworkClass::kUnknown : std::prev(behind)->network;
}

NetworkClass NetworkMap::of_system(uint32_t number) const {
  const auto found = std::ranges::lower_bound(systems_, number, {}, &System::number);
  return found != systems_.end() && found->number == number ? found->network : NetworkClass::kUnknown;
}

}  // namespace doorbuster::guard
