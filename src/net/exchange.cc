#include "net/exchange.h"

#include <charconv>

#include "net/channel.h"
#include "net/problem.h"

namespace doorbuster::net {
namespace {

constexpr size_t kChunkFrameBytes = 24;  // 16 digits, CR LF twice, rounded up
constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace

// False, and nothing is written, if no block can hold it.
template <class Kind>
bool Exchange::put(const Kind& response) {
  const AnswerFrame framing = frame();
  if (!shared_.pool.reserve_for_answer(out_, size_bound(response, framing))) return false;
  const char* end = write(out_.free_space(), response, framing);
  out_.commit(static_cast<size_t>(end - out_.free_space()));
  return true;
}

// Whoever makes long answers pages or streams them. One that was forgotten costs this request, and not the process.
template <class Kind>
void Exchange::respond_with(const Kind& response, Status status) {
  ASSERT(state_ == State::kHandling || state_ == State::kDeferred);
  if (shared_.draining) keep_alive_ = false;
  if (!put(response)) {
    return net::respond(*this, {.status = Status::kInternalServerError,
                                .slug = "answer-too-long",
                                .detail = "What was asked for is longer than this server says at once."});
  }
  count_answer(status);
  answered();
}

void Exchange::respond(const Response& response) { respond_with(response, response.status); }

void Exchange::respond(const PreparedResponse& response) { respond_with(response, response.status()); }

Ticket Exchange::defer() {
  ASSERT(state_ == State::kHandling || state_ == State::kDeferred);
  state_ = State::kDeferred;
  return Ticket::make(shared_.loop_id, slot_, generation_);
}

int64_t Exchange::answer_due_us() const { return arrived_us_ + shared_.limits.deferred_time.micros(); }

Ticket Exchange::begin_stream(const Response& head) {
  ASSERT(state_ == State::kHandling || state_ == State::kDeferred);
  chunked_stream_ = !http_1_0_;
  if (http_1_0_ || shared_.draining) keep_alive_ = false;
  const AnswerFrame framing = frame();
  const bool reserved = shared_.pool.reserve_for_answer(out_, size_bound(head, framing));
  ASSERT(reserved);  // a head, behind less than half a block of what is unread
  const StreamFraming kind = chunked_stream_ ? StreamFraming::kChunked : StreamFraming::kUntilClose;
  const char* end = write_stream_head(out_.free_space(), head, framing, kind);
  out_.commit(static_cast<size_t>(end - out_.free_space()));
  count_answer(head.status);
  const Ticket ticket = Ticket::make(shared_.loop_id, slot_, generation_);
  if (head_only_) {
    answered();
  } else {
    mark_dirty();
    state_ = State::kStreaming;
  }
  return ticket;
}

void Exchange::stream(std::string_view piece) {
  ASSERT(state_ == State::kStreaming);
  if (piece.empty() || overrun_) return;  // an empty chunk would be the end
  if (!shared_.pool.reserve_for_answer(out_, piece.size() + kChunkFrameBytes)) return overrun();
  char* const begin = out_.free_space();
  char* at = begin;
  if (chunked_stream_) {
    at = std::to_chars(at, at + kChunkFrameBytes, piece.size(), 16).ptr;
    *at++ = '\r';
    *at++ = '\n';
  }
  std::memcpy(at, piece.data(), piece.size());
  at += piece.size();
  if (chunked_stream_) {
    *at++ = '\r';
    *at++ = '\n';
  }
  out_.commit(static_cast<size_t>(at - begin));
  if (out_.size() > shared_.limits.pending_output_bytes) return overrun();
  mark_dirty();
}

void Exchange::overrun() {
  overrun_ = true;
  mark_dirty();
}

size_t Exchange::stream_room() const {
  const size_t most = shared_.limits.pending_output_bytes;
  return out_.size() < most ? most - out_.size() : 0;
}

void Exchange::end_stream() {
  ASSERT(state_ == State::kStreaming);
  if (chunked_stream_) {
    const bool reserved = shared_.pool.reserve_for_answer(out_, kLastChunk.size());
    ASSERT(reserved);  // more than half a block would have been an overrun
    std::memcpy(out_.free_space(), kLastChunk.data(), kLastChunk.size());
    out_.commit(kLastChunk.size());
  }
  answered();
}

void Exchange::abort_stream() {
  ASSERT(state_ == State::kStreaming);
  keep_alive_ = false;
  answered();
}

std::string& Exchange::scratch() {
  shared_.scratch.clear();
  return shared_.scratch;
}

std::byte* Exchange::remembered() const { return shared_.remembered[slot_].bytes.data(); }

AnswerFrame Exchange::frame() const {
  return {
      .head_only = head_only_, .close = !keep_alive_, .say_keep_alive = http_1_0_, .date_field = shared_.date.field()};
}

void Exchange::count_answer(Status status) {
  shared_.metrics.statuses[code_of(status) / 100].add(1);
  if (state_ == State::kHandling) {
    ++shared_.answered_now;
  } else {
    shared_.metrics.requests.add(1);
    shared_.metrics.latency_deferred.record(static_cast<uint64_t>(shared_.now_us - arrived_us_));
  }
}

void Exchange::answered() {
  if (state_ != State::kHandling) {
    mark_dirty();
    phase_since_us_ = shared_.now_us;
  }
  const bool stays = keep_alive_ && !shared_.draining;  // a stream may have begun long before the drain
  state_ = stays ? State::kReading : State::kEnding;
  ++generation_;
}

void Exchange::mark_dirty() {
  if (dirty_) return;
  dirty_ = true;
  shared_.dirty.push_back(slot_);
}

}  // namespace doorbuster::net
