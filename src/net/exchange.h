// One request's chance to be answered.
//
// A handler either answers at once (respond), or defers: it gets a Ticket that it may send to another thread, keeps
// what it needs to remember in the exchange itself, and answers later on the reactor's thread through
// Loop::resume(ticket). While an answer is deferred its connection parses nothing further, so answers leave in the
// order of the requests.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/assert.h"
#include "net/buffer.h"
#include "net/response.h"
#include "net/ticket.h"

namespace doorbuster::net {

struct ChannelContext;

class Exchange {
 public:
  static constexpr size_t kContextBytes = 256;
  struct Context {
    alignas(std::max_align_t) std::array<std::byte, kContextBytes> bytes;
  };

  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Answers. Exactly once for a request, in handle() or after resume(); asserts otherwise. The views are copied before
  // it returns. What no block can hold (BufferPool::kBlockMax) is answered with 500.
  void respond(const Response& response);
  void respond(const PreparedResponse& response);

  // Answers later, or after resume() later still. The context, a small trivially copyable value, is context<T>() then.
  template <class T>
  [[nodiscard]] Ticket defer(const T& context) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kContextBytes &&
                  alignof(T) <= alignof(std::max_align_t));
    std::memcpy(remembered(), &context, sizeof context);
    return defer();
  }
  [[nodiscard]] Ticket defer();
  // When a deferred answer has to be there, on the loop's clock: later the request is answered with 503.
  [[nodiscard]] int64_t answer_due_us() const;

  template <class T>
  [[nodiscard]] T context() const {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kContextBytes);
    T context;
    std::memcpy(static_cast<void*>(&context), remembered(), sizeof context);
    return context;
  }

  // Begins an answer that goes on (server-sent events): status, content type and headers now, pieces by stream() as
  // they come, until end_stream(). The ticket is good for as long as the peer stays; nothing times out, but a peer that
  // reads so slowly that Limits::pending_output_bytes pile up is disconnected. For a HEAD request the stream ends at
  // once and the ticket resumes nothing.
  [[nodiscard]] Ticket begin_stream(const Response& head);
  void stream(std::string_view piece);
  void end_stream();
  // Ends it in the middle: the connection closes without the mark of the end, so that nobody takes it for whole. (Who
  // asked by HTTP/1.0 can't tell: there the end of the connection is that mark.)
  void abort_stream();
  // How much more may be streamed before the peer has to read.
  [[nodiscard]] size_t stream_room() const;

  // A string to build a body in: empty when asked for, its memory reused by the next request.
  [[nodiscard]] std::string& scratch();

 protected:
  enum class State : uint8_t {
    kReading,   // no request is being answered
    kHandling,  // handle() runs
    kDeferred,
    kStreaming,
    kEnding,  // nothing further will be read: send what there is, then close
  };

  explicit Exchange(ChannelContext& context, uint32_t slot) : shared_(context), slot_(slot) {}
  ~Exchange() = default;

  [[nodiscard]] AnswerFrame frame() const;
  void count_answer(Status status);
  void answered();
  // The loop writes at the end of its turn what was produced outside of the connection's own turn.
  void mark_dirty();

  ChannelContext& shared_;
  Buffer out_;
  int64_t arrived_us_ = 0;      // when the request was whole
  int64_t phase_since_us_ = 0;  // when what the connection waits for began
  const uint32_t slot_;
  uint32_t generation_ = 0;
  State state_ = State::kReading;
  bool head_only_ = false;
  bool keep_alive_ = true;
  bool http_1_0_ = false;
  bool dirty_ = false;
  bool chunked_stream_ = false;
  bool overrun_ = false;  // a stream's peer reads too slowly

 private:
  template <class Kind>
  [[nodiscard]] bool put(const Kind& response);
  template <class Kind>
  void respond_with(const Kind& response, Status status);
  void overrun();
  [[nodiscard]] std::byte* remembered() const;
};

}  // namespace doorbuster::net
