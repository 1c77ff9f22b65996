// Ranges of addresses (CIDR, RFC 4632 and RFC 4291 section 2.3), and who a request comes from where proxies stand
// between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/request.h"

namespace doorbuster::net {

// "192.0.2.1", "2001:db8::1", and also "[2001:db8::1]:443" and "192.0.2.1:443", as proxies write them; its port is
// left out. Nothing for anything else. IPv4-mapped IPv6 is IPv4.
[[nodiscard]] std::optional<PeerAddress> parse_address(std::string_view text);

// All addresses that begin with the same bits, of an IPv6 address or an IPv4 address mapped into one.
struct Network {
  std::array<uint8_t, 16> bytes{};
  uint8_t bits = 0;
};

// "10.0.0.0/8", "2001:db8::/32" or one address. kInvalid: it is none of these, or has bits set behind its length.
[[nodiscard]] Result<Network> parse_network(std::string_view text);

class Networks {
 public:
  Networks() = default;
  // kInvalid says which of them is none (parse_network).
  [[nodiscard]] static Result<Networks> make(const std::vector<std::string>& texts);

  [[nodiscard]] bool contain(const PeerAddress& address) const;
  [[nodiscard]] bool empty() const { return networks_.empty(); }

 private:
  std::vector<Network> networks_;
};

// Who sent the request: the peer of the connection, or, where that is a trusted proxy, whom it names in
// X-Forwarded-For, from the last to the first, until one is not trusted. What strangers wrote there themselves stands
// before that and is not looked at. Where a trusted proxy says nothing that can be read, it is the proxy itself.
[[nodiscard]] PeerAddress sender_of(const Request& request, const Networks& trusted_proxies);

}  // namespace doorbuster::net
