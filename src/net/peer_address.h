// Who is at the other end of a connection.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

struct sockaddr_storage;

namespace doorbuster::net {

// An IPv6 address; IPv4 is mapped into it (::ffff:a.b.c.d), so that there is one kind.
struct PeerAddress {
  std::array<uint8_t, 16> bytes{};
  uint16_t port = 0;

  [[nodiscard]] static PeerAddress from(const sockaddr_storage& address);
  // Whom shares are counted by: an IPv4 address, or the 64 bits of an IPv6 address that are the smallest network a
  // provider gives one customer (RFC 6177); the rest is theirs to choose.
  using Network = std::array<uint8_t, 16>;
  [[nodiscard]] Network network() const;
  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] std::string text() const;  // without the port: "192.0.2.1", "2001:db8::1"
};

}  // namespace doorbuster::net
