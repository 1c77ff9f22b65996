#include "load/client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace doorbuster::bench {
namespace {

constexpr int kPatienceMillis = 10'000;
// How long the load looks for answers before it sleeps. On loopback the server's send wakes a sleeping client, which
// costs the server as much as half the send: a client on another machine would not be on its bill.
constexpr std::chrono::microseconds kAwake(100);

Error system_error(const char* what) { return Error{ErrorCode::kIo, std::string(what) + ": " + std::strerror(errno)}; }

}  // namespace

Client::~Client() {
  for (const Connection& connection : connections_)
    if (connection.descriptor >= 0) ::close(connection.descriptor);
  if (poll_ >= 0) ::close(poll_);
}

Result<int> Client::open_connection() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return tl::unexpected(system_error("socket"));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options_.port);
  const int one = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) == 1 &&
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return descriptor;
  const Error error = system_error("connect");
  ::close(descriptor);
  return tl::unexpected(error);
}

Result<void> Client::connect() {
  poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (poll_ < 0) return tl::unexpected(system_error("epoll_create1"));
  connections_.resize(options_.connections);
  for (uint32_t i = 0; i < options_.connections; ++i) {
    connections_[i].descriptor = TRY(open_connection());
    epoll_event event{.events = EPOLLIN, .data = {.u32 = i}};
    if (::epoll_ctl(poll_, EPOLL_CTL_ADD, connections_[i].descriptor, &event) != 0)
      return tl::unexpected(system_error("epoll_ctl"));
  }
  return {};
}

Result<void> Client::run() {
  end_ = std::chrono::steady_clock::now() +
         std::chrono::duration_cast<TimePoint::duration>(std::chrono::duration<double>(options_.seconds));
  for (Connection& connection : connections_) send_next(connection);
  std::array<epoll_event, 256> events;
  while (waiting_ > 0) {
    const int count = wait(events);
    if (count < 0 && errno != EINTR) return tl::unexpected(system_error("epoll_wait"));
    if (count == 0) {
      for (Connection& connection : connections_)
        if (connection.waits) give_up(connection, "no answer for ten seconds");
    }
    for (int i = 0; i < count; ++i) receive(connections_[events[static_cast<size_t>(i)].data.u32]);
  }
  return {};
}

// As epoll_wait; 0 after ten seconds without an answer.
int Client::wait(std::span<epoll_event> events) const {
  const TimePoint sleeps_at = std::chrono::steady_clock::now() + kAwake;
  do {
    const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 0);
    if (count != 0) return count;
  } while (std::chrono::steady_clock::now() < sleeps_at);
  return ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), kPatienceMillis);
}

void Client::send_next(Connection& connection) {
  const TimePoint now = std::chrono::steady_clock::now();
  ending_ = ending_ || now >= end_ || !book_.next(request_);
  if (ending_) return;
  tally_.sent(now);
  connection.sent_at = now;
  connection.waits = true;
  ++waiting_;
  // A request is far smaller than a socket's buffer, which is empty.
  const ssize_t sent = ::send(connection.descriptor, request_.data(), request_.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(request_.size())) give_up(connection, "the request could not be sent");
}

void Client::receive(Connection& connection) {
  std::array<char, 16'384> bytes;
  const ssize_t count = ::recv(connection.descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return give_up(connection, "the server closed the connection");
  connection.received.append(bytes.data(), static_cast<size_t>(count));
  const auto answer = read_answer(connection.received);
  if (!answer) return;
  if (answer->status == 0) return give_up(connection, "not an answer with Content-Length");
  tally_.took(*answer, connection.sent_at, std::chrono::steady_clock::now());
  connection.received.erase(0, answer->size);
  connection.waits = false;
  --waiting_;
  if (!connection.received.empty()) return give_up(connection, "more came than was asked for");
  send_next(connection);
}

void Client::give_up(Connection& connection, const std::string& why) {
  if (connection.descriptor < 0) return;
  if (connection.waits || why.starts_with("more")) tally_.broke(why);
  if (connection.waits) --waiting_;
  connection.waits = false;
  ::close(connection.descriptor);
  connection.descriptor = -1;
}

}  // namespace doorbuster::bench
