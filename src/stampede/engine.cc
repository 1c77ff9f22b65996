#include "stampede/engine.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/assert.h"

namespace doorbuster::stampede {
namespace {

constexpr Duration kAnswerWithin = Duration::seconds(30);
constexpr int64_t kLongestPollMillis = 100;
constexpr size_t kFiredAtOnce = 256;  // between two looks at the connections

sockaddr_in socket_address(uint32_t address, uint16_t port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_addr.s_addr = htonl(address);
  made.sin_port = htons(port);
  return made;
}

// The port is chosen when it connects, by both ends: each address has all ports towards each peer.
bool bind_source(int descriptor, uint32_t source) {
  const int one = 1;
  (void)::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  (void)::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  const sockaddr_in from = socket_address(source, 0);
  return ::bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0;
}

bool connect_to(int descriptor, const Peer& peer) {
  const sockaddr_in to = socket_address(peer.address, peer.port);
  return ::connect(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 || errno == EINPROGRESS;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::make(size_t clients, size_t connections_max, Duration kept_over) {
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  if (poll < 0) return fail(ErrorCode::kIo, std::string("epoll: ") + std::strerror(errno));
  return std::unique_ptr<Engine>(new Engine(poll, clients, connections_max, kept_over));
}

Engine::Engine(int poll, size_t clients, size_t connections_max, Duration kept_over)
    : poll_(poll), connections_max_(connections_max), kept_over_(kept_over), timers_(clients), seats_(clients) {
  ASSERT(connections_max > 0);
  timers_.start(start_);
}

Engine::~Engine() {
  for (const Seat& seat : seats_)
    if (seat.descriptor >= 0) ::close(seat.descriptor);
  ::close(poll_);
}

Timestamp Engine::now() const {
  const auto since = std::chrono::steady_clock::now() - steady_start_;
  return start_ + Duration::micros(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

Engine::Sleep Engine::sleep_until(ClientNumber client, Timestamp due) { return {*this, client, due}; }

Engine::Exchange Engine::send(ClientNumber client, const WireRequest& request) { return {*this, client, request}; }

void Engine::Sleep::await_suspend(std::coroutine_handle<> waiting) {
  engine_.seats_[client_].waiting = waiting;
  engine_.rest(client_, due_);
  engine_.timers_.arm(client_, due_);
}

void Engine::Exchange::await_suspend(std::coroutine_handle<> waiting) {
  Seat& seat = engine_.seats_[client_];
  ASSERT(seat.exchange == nullptr);
  seat.waiting = waiting;
  seat.exchange = this;
  engine_.begin(client_);
}

void Engine::rest(ClientNumber client, Timestamp until) {
  Seat& seat = seats_[client];
  if (seat.descriptor < 0) return;
  const bool somebody_waits = !without_connection_.empty();
  if (somebody_waits || until - now() > kept_over_) return hang_up(client);
  while (!resting_.empty() && !rests_still(resting_.front())) resting_.pop_front();
  resting_.push_back({client, ++seat.rests});
}

bool Engine::rests_still(const Resting& resting) const {
  const Seat& seat = seats_[resting.client];
  return seat.descriptor >= 0 && seat.rests == resting.rests && seat.exchange == nullptr;
}

// Of those who rest with a connection, whoever has rested longest gives it up.
void Engine::make_room() {
  while (connections_ >= connections_max_ && !resting_.empty()) {
    const Resting longest = resting_.front();
    resting_.pop_front();
    if (rests_still(longest)) hang_up(longest.client);
  }
}

void Engine::begin(ClientNumber client) {
  Seat& seat = seats_[client];
  const WireRequest& request = seat.exchange->request_;
  if (seat.descriptor >= 0 && (seat.source != request.source || seat.peer != request.peer)) hang_up(client);
  if (seat.descriptor < 0) make_room();
  if (seat.descriptor < 0 && connections_ >= connections_max_) {
    ++connections_waited_;
    without_connection_.push_back(client);
    return;
  }
  seat.exchange->answer_.sent_at = now();
  if (seat.descriptor < 0 && !connect(client)) return finish(client, {});
  timers_.arm(client, seat.exchange->answer_.sent_at + kAnswerWithin);
  seat.sent = 0;
  seat.received.clear();
  write(client);
}

bool Engine::connect(ClientNumber client) {
  Seat& seat = seats_[client];
  const WireRequest& request = seat.exchange->request_;
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const uint32_t generation = seat.generation + 1;
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | static_cast<uint32_t>(EPOLLET),
                    .data = {.u64 = uint64_t{generation} << 32 | client}};
  const bool made = bind_source(descriptor, request.source) && connect_to(descriptor, request.peer) &&
                    ::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event) == 0;
  if (!made) {
    ::close(descriptor);
    return false;
  }
  seat.descriptor = descriptor;
  seat.generation = generation;
  seat.source = request.source;
  seat.peer = request.peer;
  seat.was_used = false;
  connections_most_ = std::max(connections_most_, ++connections_);
  ++connections_made_;
  return true;
}

void Engine::hang_up(ClientNumber client) {
  Seat& seat = seats_[client];
  if (seat.descriptor < 0) return;
  ::close(seat.descriptor);
  seat.descriptor = -1;
  --connections_;
  while (!without_connection_.empty() && connections_ < connections_max_) {
    const ClientNumber next = without_connection_.front();
    without_connection_.pop_front();
    const bool still_waits = seats_[next].exchange != nullptr && seats_[next].descriptor < 0;
    if (still_waits) begin(next);
  }
}

void Engine::write(ClientNumber client) {
  Seat& seat = seats_[client];
  const std::string& bytes = seat.exchange->request_.bytes;
  while (seat.sent < bytes.size()) {
    const ssize_t sent = ::send(seat.descriptor, bytes.data() + seat.sent, bytes.size() - seat.sent, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN)) return;  // until epoll says so
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return fail_or_repeat(client);
    seat.sent += static_cast<size_t>(sent);
  }
}

void Engine::read(ClientNumber client) {
  Seat& seat = seats_[client];
  std::array<char, 16'384> bytes;
  while (true) {
    const ssize_t count = ::recv(seat.descriptor, bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == ENOTCONN)) return;
    if (count <= 0) return seat.exchange == nullptr ? hang_up(client) : fail_or_repeat(client);
    seat.received.append(bytes.data(), static_cast<size_t>(count));
    if (seat.exchange == nullptr) return hang_up(client);  // nobody asked
    auto answer = take_answer(seat.received);
    if (!answer) continue;
    seat.was_used = true;
    const bool is_last = answer->closes || answer->status == 0;
    finish(client, *std::move(answer));
    if (is_last) hang_up(client);
    return;
  }
}

// A kept connection may end just when the next request is sent: then the request goes over a new one, once.
void Engine::fail_or_repeat(ClientNumber client) {
  Seat& seat = seats_[client];
  Exchange& exchange = *seat.exchange;
  const bool may_repeat = seat.was_used && seat.received.empty() && !exchange.was_repeated_;
  hang_up(client);
  if (!may_repeat) return finish(client, {});
  exchange.was_repeated_ = true;
  begin(client);
}

void Engine::finish(ClientNumber client, Answer answer) {
  Seat& seat = seats_[client];
  answer.sent_at = seat.exchange->answer_.sent_at;
  answer.at = now();
  seat.exchange->answer_ = std::move(answer);
  seat.exchange = nullptr;
  timers_.disarm(client);
  ready_.push_back(client);
}

void Engine::fire(ClientNumber client) {
  Seat& seat = seats_[client];
  if (seat.exchange == nullptr) return seat.waiting.resume();
  hang_up(client);
  finish(client, {});
}

void Engine::resume_ready() {
  while (!ready_.empty()) {
    const std::vector<ClientNumber> now_ready = std::exchange(ready_, {});
    for (const ClientNumber client : now_ready) seats_[client].waiting.resume();
  }
}

void Engine::poll_once() {
  std::array<epoll_event, 256> events;
  const int64_t rest =
      std::clamp<int64_t>((timers_.next_deadline_hint() - now()).micros(), 0, kLongestPollMillis * 1'000);
  const int count =
      ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), static_cast<int>((rest + 999) / 1'000));
  for (int i = 0; i < count; ++i) {
    const uint64_t data = events[static_cast<size_t>(i)].data.u64;
    const auto client = static_cast<ClientNumber>(data);
    const auto is_there = [&] {
      return seats_[client].descriptor >= 0 && seats_[client].generation == static_cast<uint32_t>(data >> 32);
    };
    const bool may_write = (events[static_cast<size_t>(i)].events & EPOLLOUT) != 0;
    if (is_there() && may_write && seats_[client].exchange != nullptr) write(client);
    if (is_there()) read(client);
  }
}

void Engine::run(const std::function<bool()>& is_over) {
  while (!is_over()) {
    (void)timers_.advance(now(), kFiredAtOnce, [this](TimerWheel::Timer client) { fire(client); });
    resume_ready();
    poll_once();
    resume_ready();
  }
}

}  // namespace doorbuster::stampede
