// A reactor's front door: who is let in, who is turned away, and what happens when the system has no descriptors left.
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/assert.h"
#include "net/reactor.h"

namespace doorbuster::net {
namespace {

constexpr int kAcceptsMax = 64;  // a turn
constexpr int64_t kPauseUs = 100'000;
constexpr size_t kTurnedAwayMax = 64;  // descriptors kept for those who read their 503
constexpr uint32_t kConnectionEvents = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nContent-Length: 160\r\nRetry-After: "
    "5\r\n"
    "Connection: close\r\n\r\n"
    R"({"type":"https://doorbuster.dev/problems/too-many-connections","title":"Service Unavailable","status":503,)"
    R"("detail":"The server has no connection left for you."})";
static_assert(kFull.size() - (kFull.find("\r\n\r\n") + 4) == 160, "as its Content-Length says");

// Errors of the connection that was to be accepted, not of the listener (accept(2), "Error handling").
bool concerns_only_the_peer(int number) {
  switch (number) {
    case ECONNABORTED:
    case EINTR:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Reactor::accept_some() {
  for (int accepted = 0; accepted < kAcceptsMax; ++accepted) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    Socket socket(
        accept4(listener_.descriptor(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.valid()) {
      admit(std::move(socket), PeerAddress::from(address));
    } else if (errno == EAGAIN) {
      return;
    } else if (!concerns_only_the_peer(errno)) {
      return pause_accepting();
    }
  }
}

void Reactor::admit(Socket socket, const PeerAddress& peer) {
  if (!find_room_for(peer)) return turn_away(std::move(socket));
  const uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  Connection& connection = connections_[slot];
  connection.socket = std::move(socket);
  connection.readable = connection.peer_half_closed = false;
  connection.channel.open(peer);
  ++per_network_[peer.network()];
  shared_.metrics.connections_accepted.add(1);
  shared_.metrics.connections_open.add(1);
  deadlines_us_[slot] = connection.channel.deadline_us();
  watch(connection.socket.descriptor(), kConnectionEvents, uint64_t{connection.serial} << 32 | slot);
}

// Says why, as far as one send without waiting can. The request may still be on its way, and closing at once would
// reset the connection before the answer is read: the socket is kept for a little while, as far as there is room.
void Reactor::turn_away(Socket socket) {
  char dropped[4096];
  shared_.metrics.connections_refused.add(1);
  (void)recv(socket.descriptor(), dropped, sizeof dropped, 0);
  (void)send(socket.descriptor(), kFull.data(), kFull.size(), MSG_NOSIGNAL);
  shutdown(socket.descriptor(), SHUT_WR);
  if (turned_away_.size() == kTurnedAwayMax) turned_away_.pop_front();
  turned_away_.push_back({std::move(socket), shared_.now_us + shared_.limits.linger_time.micros()});
}

void Reactor::close_turned_away(int64_t until_us) {
  while (!turned_away_.empty() && turned_away_.front().close_us <= until_us) turned_away_.pop_front();
}

// Out of descriptors or memory: the listener would be ready again at once, and the loop would spin.
void Reactor::pause_accepting() {
  accept_again_us_ = shared_.now_us + kPauseUs;
  epoll_ctl(epoll_.descriptor(), EPOLL_CTL_DEL, listener_.descriptor(), nullptr);
}

void Reactor::listen_again() {
  accept_again_us_ = 0;
  if (listener_.valid()) watch(listener_.descriptor(), EPOLLIN, kListenerKey);
}

}  // namespace doorbuster::net
