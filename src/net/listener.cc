#include "net/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "net/text.h"

namespace doorbuster::net {
namespace {

constexpr int kBacklog = 4096;  // the kernel lowers it to net.core.somaxconn

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

enum class Sharing { kAlone, kWithOurReactors };

Error error_for(const Endpoint& endpoint, int number) {
  const std::string where = endpoint.text();
  switch (number) {
    case EADDRINUSE:
      return {ErrorCode::kConflict, where + " is in use by another process: choose another with --listen"};
    case EADDRNOTAVAIL:
      return {ErrorCode::kInvalid, where + " is not an address of this machine: choose another with --listen"};
    case EACCES:
      return {ErrorCode::kInvalid,
              where + " needs more rights than this user has: choose a port from 1024 on with --listen"};
    default:
      return {ErrorCode::kIo, "cannot listen on " + where + ": " + std::generic_category().message(number)};
  }
}

Result<AddressList> resolve(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const bool every = endpoint.host == "*";
  const int failure =
      getaddrinfo(every ? nullptr : endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (failure != 0) {
    return fail(ErrorCode::kInvalid, "'" + endpoint.host + "' is no address to listen on (" + gai_strerror(failure) +
                                         "): write --listen as 127.0.0.1:8080 or [::1]:8080");
  }
  return AddressList(found, &freeaddrinfo);
}

void enable(int descriptor, int level, int option) {
  const int on = 1;
  setsockopt(descriptor, level, option, &on, sizeof on);
}

// Accepted connections inherit TCP_NODELAY, which saves a call for each.
Result<Socket> open_listening(const Endpoint& endpoint, const addrinfo& address, Sharing sharing) {
  Socket opened(socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!opened.valid()) return tl::unexpected(error_for(endpoint, errno));
  enable(opened.descriptor(), SOL_SOCKET, SO_REUSEADDR);
  enable(opened.descriptor(), IPPROTO_TCP, TCP_NODELAY);
  if (sharing == Sharing::kWithOurReactors) enable(opened.descriptor(), SOL_SOCKET, SO_REUSEPORT);
  if (bind(opened.descriptor(), address.ai_addr, address.ai_addrlen) != 0 ||
      ::listen(opened.descriptor(), kBacklog) != 0) {
    return tl::unexpected(error_for(endpoint, errno));
  }
  return opened;
}

uint16_t port_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

void set_port(addrinfo& address, uint16_t port) {
  if (address.ai_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address.ai_addr)->sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in*>(address.ai_addr)->sin_port = htons(port);
  }
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    reset();
    descriptor_ = other.release();
  }
  return *this;
}

int Socket::release() { return std::exchange(descriptor_, -1); }

void Socket::reset() {
  if (valid()) ::close(release());
}

std::string Endpoint::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Endpoint::is_every_address() const {
  in_addr v4{};
  in6_addr v6{};
  if (host == "*") return true;
  if (::inet_aton(host.c_str(), &v4) != 0) return v4.s_addr == INADDR_ANY;  // "0", too
  return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto invalid = [&] {
    return fail(
        ErrorCode::kInvalid,
        "'" + std::string(text) + "' is no address to listen on: write it as 127.0.0.1:8080, [::1]:8080 or *:8080");
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid();
  std::string_view host = text.substr(0, colon);
  const std::optional<uint64_t> port = parse_number(text.substr(colon + 1));
  if (!port || *port > UINT16_MAX) return invalid();
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) return invalid();
  return Endpoint{host.empty() ? "*" : std::string(host), static_cast<uint16_t>(*port)};
}

// Sharing a port would also let a second server of the same user in, and each would get half of the connections. So the
// first socket asks for the port alone; it makes way for those that share.
Result<Listeners> listen(const Endpoint& endpoint, size_t count) {
  const AddressList addresses = TRY(resolve(endpoint));
  addrinfo& address = *addresses;
  Listeners listeners{{}, endpoint};
  Socket alone = TRY(open_listening(endpoint, address, Sharing::kAlone));
  listeners.endpoint.port = port_of(alone.descriptor());
  if (count == 1) {
    listeners.sockets.push_back(std::move(alone));
    return listeners;
  }
  alone.reset();
  set_port(address, listeners.endpoint.port);
  for (size_t i = 0; i < count; ++i) {
    listeners.sockets.push_back(TRY(open_listening(listeners.endpoint, address, Sharing::kWithOurReactors)));
  }
  return listeners;
}

}  // namespace doorbuster::net
