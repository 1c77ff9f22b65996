#include "net/channel.h"

#include <algorithm>

#include "base/assert.h"
#include "net/problem.h"

namespace doorbuster::net {
namespace {

constexpr size_t kReadMin = 1024;  // a smaller room is not worth a system call
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kAllMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
constexpr int64_t kMicros = 1'000'000;

constexpr Refusal kTooSlow = {Status::kRequestTimeout, "request-timeout", "The request did not arrive in time."};
constexpr Refusal kNoRoom = {Status::kServiceUnavailable, "overloaded",
                             "The server is out of buffers; try again shortly."};
constexpr Problem kLate = {.status = Status::kServiceUnavailable,
                           .slug = "answer-late",
                           .detail =
                               "The answer was not ready in time. The request may still take effect: ask again with "
                               "the same Idempotency-Key."};

int64_t allowed_time(Duration grace, uint64_t bytes, uint32_t bytes_per_second_min) {
  return grace.micros() + static_cast<int64_t>(bytes) * kMicros / bytes_per_second_min;
}

}  // namespace

void Channel::open(const PeerAddress& peer) {
  ASSERT(!open_ && in_.empty() && out_.empty());
  reader_ = RequestReader();
  peer_ = peer;
  state_ = State::kReading;
  phase_ = RequestReader::Phase::kNothing;
  phase_since_us_ = shared_.now_us;
  blocked_since_us_ = 0;
  served_ = phase_served_ = 0;
  more_ready_ = peer_ended_ = linger_ = lingering_ = expired_ = overrun_ = false;
  open_ = true;
}

void Channel::close() {
  ASSERT(open_);
  ++generation_;
  open_ = false;
  shared_.pool.release(in_);
  shared_.pool.release(out_);
}

std::span<char> Channel::prepare_input() {
  if (in_.free_size() < kReadMin && !shared_.pool.reserve(in_, std::max(kReadMin, in_.size()))) {
    if (lingering_) {
      expired_ = true;
    } else {
      refuse(kNoRoom);
    }
    return {};
  }
  return {in_.free_space(), in_.free_size()};
}

void Channel::received(size_t count) {
  in_.commit(count);
  if (state_ == State::kEnding) return shared_.pool.release(in_);
  process();
}

void Channel::process() {
  more_ready_ = false;
  uint32_t budget = shared_.limits.pipelined_per_turn;
  while (state_ == State::kReading && !in_.empty()) {
    if (budget-- == 0 || out_.size() > shared_.limits.pending_output_bytes) {
      more_ready_ = true;
      break;
    }
    const RequestReader::Next next = reader_.next(in_, shared_.limits, shared_.head);
    if (next == RequestReader::Next::kRequest) {
      dispatch();
      continue;
    }
    if (next == RequestReader::Next::kRefused) refuse(reader_.refusal());
    if (next == RequestReader::Next::kContinue) say_continue();
    break;
  }
  if (state_ != State::kReading) more_ready_ = !in_.empty();
  note_phase();
  release_if_empty();
}

void Channel::dispatch() {
  const Head& head = shared_.head;
  const bool peer_goes_on = head.keep_alive;
  ++served_;
  arrived_us_ = shared_.now_us;
  head_only_ = head.method == Method::kHead;
  keep_alive_ = head.keep_alive;
  http_1_0_ = head.minor_version == 0;
  state_ = State::kHandling;
  const Request request(head, reader_.body(), peer_);
  if (head.path == "*") {
    answer_for_all();
  } else {
    shared_.handler->handle(request, *this);
  }
  ASSERT(state_ != State::kHandling);
  reader_.finish(in_);
  linger_ = peer_goes_on || !in_.empty();
}

// OPTIONS *: what the server as a whole can do (RFC 9110 section 9.3.7).
void Channel::answer_for_all() { respond(Response{.status = Status::kNoContent, .headers = {{"Allow", kAllMethods}}}); }

void Channel::refuse(const Refusal& refusal) {
  ASSERT(state_ == State::kReading);
  shared_.metrics.requests_refused.add(1);
  head_only_ = http_1_0_ = keep_alive_ = false;
  arrived_us_ = shared_.now_us;
  state_ = State::kHandling;
  net::respond(*this, {.status = refusal.status, .slug = refusal.slug, .detail = refusal.detail});
  linger_ = true;
  shared_.pool.release(in_);
}

void Channel::say_continue() {
  const bool reserved = shared_.pool.reserve_for_answer(out_, kContinue.size());
  ASSERT(reserved);  // what is unread was less than half a block
  std::memcpy(out_.free_space(), kContinue.data(), kContinue.size());
  out_.commit(kContinue.size());
}

void Channel::note_phase() {
  const RequestReader::Phase phase = reader_.phase(in_);
  if (phase == phase_ && served_ == phase_served_) return;
  phase_ = phase;
  phase_served_ = served_;
  phase_since_us_ = shared_.now_us;
}

void Channel::release_if_empty() {
  if (in_.empty()) shared_.pool.release(in_);
}

bool Channel::wants_input() const {
  if (lingering_) return true;
  return state_ == State::kReading && !more_ready_ && out_.size() <= shared_.limits.pending_output_bytes;
}

bool Channel::wants_turn() const {
  return more_ready_ && state_ == State::kReading && out_.size() <= shared_.limits.pending_output_bytes;
}

void Channel::sent(size_t count) {
  out_.consume(count);
  blocked_sent_ += count;
  if (!out_.empty()) return;
  blocked_since_us_ = 0;
  shared_.pool.release(out_);
}

void Channel::send_blocked() {
  if (blocked_since_us_ != 0) return;
  blocked_since_us_ = shared_.now_us;
  blocked_sent_ = 0;
}

bool Channel::finished() const {
  if (expired_ || overrun_) return true;
  if (lingering_) return peer_ended_;
  if (!out_.empty()) return false;
  return state_ == State::kEnding || (peer_ended_ && state_ == State::kReading && !more_ready_);
}

void Channel::begin_linger() {
  lingering_ = true;
  phase_since_us_ = shared_.now_us;
}

bool Channel::idle() const {
  return state_ == State::kReading && phase_ == RequestReader::Phase::kNothing && out_.empty();
}

Dispensable Channel::dispensable() const {
  if (idle() || lingering_) return Dispensable::kIdle;
  if (state_ == State::kStreaming) return Dispensable::kStreams;
  return state_ == State::kReading ? Dispensable::kBegun : Dispensable::kNo;
}

int64_t Channel::deadline_us() const {
  const Limits& limits = shared_.limits;
  if (lingering_) return phase_since_us_ + limits.linger_time.micros();
  if (blocked_since_us_ != 0) {
    return blocked_since_us_ + allowed_time(limits.send_grace, blocked_sent_, limits.send_bytes_per_second_min);
  }
  if (state_ == State::kDeferred) return answer_due_us();
  if (state_ == State::kStreaming) return INT64_MAX;
  switch (phase_) {
    case RequestReader::Phase::kNothing:
      return phase_since_us_ + limits.idle_time.micros();
    case RequestReader::Phase::kHead:
      return phase_since_us_ + limits.header_time.micros();
    case RequestReader::Phase::kBody:
      break;
  }
  return phase_since_us_ +
         allowed_time(limits.receive_grace, reader_.body_bytes_received(in_), limits.receive_bytes_per_second_min);
}

void Channel::expire() {
  if (lingering_ || blocked_since_us_ != 0) {
    expired_ = true;
  } else if (state_ == State::kDeferred) {
    shared_.metrics.deferred_expired.add(1);
    net::respond(*this, kLate);
  } else if (phase_ == RequestReader::Phase::kNothing || state_ != State::kReading) {
    expired_ = true;
  } else {
    refuse(kTooSlow);
  }
}

Exchange* Channel::resume(Ticket ticket) {
  const bool waits = state_ == State::kDeferred || state_ == State::kStreaming;
  return open_ && waits && ticket.generation() == generation_ ? this : nullptr;
}

}  // namespace doorbuster::net
