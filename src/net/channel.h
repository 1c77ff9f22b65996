// HTTP/1.1 on one connection, without the connection: bytes in, bytes out, and by when something must happen.
//
// Whoever owns the socket (or simulates one) gives it what arrived, sends what it has to say, and asks for its
// deadline.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/buffer.h"
#include "net/exchange.h"
#include "net/handler.h"
#include "net/http_date.h"
#include "net/limits.h"
#include "net/metrics.h"
#include "net/peer_address.h"
#include "net/request_reader.h"

namespace doorbuster::net {

// What all channels of one loop share.
struct ChannelContext {
  ChannelContext(uint8_t id, const Limits& bounds)
      : loop_id(id), limits(bounds), pool(bounds.buffer_bytes), remembered(bounds.connections) {}

  const uint8_t loop_id;
  const Limits limits;
  BufferPool pool;
  Handler* handler = nullptr;
  ReactorMetrics metrics;
  HttpDate date;
  int64_t now_us = 0;         // of this turn
  uint64_t answered_now = 0;  // requests answered in the turn in which they came
  bool draining = false;      // answers end their connections
  Head head;                  // of the request that is being handled
  std::string scratch;
  std::vector<Exchange::Context> remembered;  // by slot: what handlers keep with deferred answers
  std::vector<uint32_t> dirty;                // slots with something to send or to go on with
};

// How easily a peer can do without a connection, the easiest first.
enum class Dispensable : uint8_t {
  kIdle,     // nothing is asked for
  kBegun,    // a request is on its way in, or its answer on its way out
  kStreams,  // and would have to come back
  kNo,       // an answer is being worked out
};

class Channel final : public Exchange {
 public:
  Channel(ChannelContext& context, uint32_t slot) : Exchange(context, slot) {}

  // A new peer. The channel must be closed.
  void open(const PeerAddress& peer);
  // The peer is gone, or shall be. Tickets of this channel resume nothing from now on.
  void close();
  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] const PeerAddress& peer() const { return peer_; }

  // Room for bytes to arrive; empty if the loop's buffers are used up (then 503 has been answered, and the connection
  // ends).
  [[nodiscard]] std::span<char> prepare_input();
  // `count` bytes arrived there: answers what is whole.
  void received(size_t count);
  // Goes on with what is buffered already, after a pause.
  void process();
  // The peer will send nothing more.
  void peer_ended() { peer_ended_ = true; }

  // False while an answer is deferred or unread answers pile up: leave the bytes in the kernel, the peer will feel it.
  [[nodiscard]] bool wants_input() const;
  // Whole requests may still be buffered: call process() in the next turn.
  [[nodiscard]] bool wants_turn() const;

  [[nodiscard]] std::string_view output() const { return out_.view(); }
  void sent(size_t count);
  // The socket takes no more for now: the peer's time to read begins.
  void send_blocked();

  // The socket is broken: nothing can be said any more.
  void break_off() { expired_ = true; }

  // Everything is said: close.
  [[nodiscard]] bool finished() const;
  // The peer may still be sending: end our side, read and drop, then close, or it may never see the answer.
  [[nodiscard]] bool needs_linger() const { return linger_ && may_linger(); }
  // For whoever said that it would send nothing more, and has sent something all the same.
  [[nodiscard]] bool may_linger() const { return !lingering_ && !peer_ended_ && !expired_ && !overrun_; }
  void begin_linger();
  [[nodiscard]] bool idle() const;

  [[nodiscard]] Dispensable dispensable() const;
  // Since when nothing has gone on, in microseconds.
  [[nodiscard]] int64_t waits_since_us() const { return is_unread() ? blocked_since_us_ : phase_since_us_; }
  // Answers wait for the peer to read.
  [[nodiscard]] bool is_unread() const { return blocked_since_us_ != 0; }
  [[nodiscard]] size_t held_bytes() const { return in_.capacity() + out_.capacity(); }

  // When expire() is due if nothing happens until then, in microseconds; INT64_MAX for never.
  [[nodiscard]] int64_t deadline_us() const;
  // Answers 408 or 503, or leaves finished() true.
  void expire();

  [[nodiscard]] Ticket ticket() const { return Ticket::make(shared_.loop_id, slot_, generation_); }
  [[nodiscard]] Exchange* resume(Ticket ticket);
  // The loop writes at the end of its turn; what happened to this channel may have given it something to write.
  using Exchange::mark_dirty;
  void clear_dirty() { dirty_ = false; }

 private:
  void dispatch();
  void answer_for_all();
  void refuse(const Refusal& refusal);
  void say_continue();
  void note_phase();
  void release_if_empty();

  RequestReader reader_;
  Buffer in_;
  PeerAddress peer_;
  int64_t blocked_since_us_ = 0;  // 0 while the peer reads
  uint64_t blocked_sent_ = 0;
  uint32_t served_ = 0;
  uint32_t phase_served_ = 0;
  RequestReader::Phase phase_ = RequestReader::Phase::kNothing;
  bool open_ = false;
  bool more_ready_ = false;
  bool peer_ended_ = false;
  bool linger_ = false;
  bool lingering_ = false;
  bool expired_ = false;
};

}  // namespace doorbuster::net
