#include "net/networks.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace doorbuster::net {
namespace {

constexpr size_t kV4Bits = 32;
constexpr size_t kAllBits = 128;
constexpr std::string_view kForwardedFor = "X-Forwarded-For";

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_port(std::string_view text) {
  const auto port = parse_number(text);
  return port && *port <= 65'535;
}

// Without the port and the brackets around, if they are there.
std::optional<std::string_view> address_in(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
    return text.substr(1, end - 1);
  }
  const size_t colon = text.find(':');
  const bool is_v4_with_port = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  if (!is_v4_with_port) return text;
  return is_port(text.substr(colon + 1)) ? std::optional(text.substr(0, colon)) : std::nullopt;
}

}  // namespace

std::optional<PeerAddress> parse_address(std::string_view text) {
  const auto address = address_in(text);
  char terminated[INET6_ADDRSTRLEN] = {};
  if (!address || address->size() >= sizeof terminated || address->find('\0') != std::string_view::npos)
    return std::nullopt;
  std::memcpy(terminated, address->data(), address->size());
  PeerAddress parsed;
  in_addr v4{};
  if (inet_pton(AF_INET, terminated, &v4) == 1) {
    parsed.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    std::memcpy(parsed.bytes.data() + 12, &v4, sizeof v4);
    return parsed;
  }
  if (inet_pton(AF_INET6, terminated, parsed.bytes.data()) == 1) return parsed;
  return std::nullopt;
}

Result<Network> parse_network(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kInvalid, "'" + std::string(text) + "' " + std::string(why));
  };
  const size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address || text.starts_with('[')) return refuse("is no address and no network such as 10.0.0.0/8");
  const size_t bits_max = address->is_v4() ? kV4Bits : kAllBits;
  size_t bits = bits_max;
  if (slash != std::string_view::npos) {
    const auto number = parse_number(text.substr(slash + 1));
    if (!number || *number > bits_max)
      return refuse("has to have a length from 0 to " + std::to_string(bits_max) + " behind its slash");
    bits = *number;
  }
  const Network network{address->bytes, static_cast<uint8_t>(kAllBits - bits_max + bits)};
  for (size_t bit = network.bits; bit < kAllBits; ++bit) {
    if ((network.bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return refuse("has bits set behind its length");
  }
  return network;
}

Result<Networks> Networks::make(const std::vector<std::string>& texts) {
  Networks made;
  for (const std::string& text : texts) made.networks_.push_back(TRY(parse_network(text)));
  return made;
}

bool Networks::contain(const PeerAddress& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    const size_t whole = network.bits / 8;
    if (!std::equal(network.bytes.begin(), network.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.bytes.begin()))
      return false;
    const unsigned rest = network.bits % 8;
    return rest == 0 || (network.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
  });
}

PeerAddress sender_of(const Request& request, const Networks& trusted_proxies) {
  PeerAddress sender = request.peer();
  if (trusted_proxies.empty() || !trusted_proxies.contain(sender)) return sender;
  const auto fields = request.headers();
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    if (!equals_ignoring_case(field->name, kForwardedFor)) continue;
    std::string_view rest = field->value;
    for (bool is_last = false; !is_last;) {
      const size_t comma = rest.rfind(',');
      is_last = comma == std::string_view::npos;
      const auto named = parse_address(without_blanks(is_last ? rest : rest.substr(comma + 1)));
      if (!named) return sender;
      sender = *named;
      if (!trusted_proxies.contain(sender)) return sender;
      if (!is_last) rest = rest.substr(0, comma);
    }
  }
  return sender;
}

}  // namespace doorbuster::net
