// How one thread talks to a cell: a bounded ring of requests there, a ring of answers back, and a word at each end that
// there is something in it.
//
// A client never waits inside: submit() says false when as many requests are under way as the port was made for, and
// the client sheds the load. The word is said once a batch: by the client after a turn of its own (flush), by the cell
// after a commit.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "base/ring.h"
#include "base/trace.h"

namespace doorbuster::cell {

// How sure an answer is.
enum class ReplyStatus : uint8_t {
  kDecided,      // the reply says what is true, and it is durable
  kUnknown,      // the store could not say whether the command took effect: ask again, with the same idempotency key
  kUnavailable,  // the cell no longer owns its log; nothing was done
};

// Says to the client which of its questions an answer is for: chosen by the client, and never looked at by the cell. A
// client that has several parts keeps the part beside the value, so that neither takes bits from the other.
struct Ticket {
  constexpr Ticket(uint64_t its_value = 0, uint32_t its_owner = 0)  // NOLINT(google-explicit-constructor)
      : value(its_value), owner(its_owner) {}
  uint64_t value;
  uint32_t owner;
};

template <class M>
class Port {
 public:
  using Command = typename M::Command;
  using Reply = typename M::Reply;

  struct Request {
    Ticket ticket;
    Command command;
    std::optional<TraceContext> trace;
  };
  struct Answer {
    Ticket ticket;
    ReplyStatus status = ReplyStatus::kDecided;
    Reply reply;
  };

  // At most `capacity` requests are under way at once. `wake` tells the client's thread that answers are there; it is
  // called once a batch, on the thread that is at the cell, which may be the client's own in flush().
  Port(size_t capacity, std::function<void()> wake) : requests_(capacity), answers_(capacity), wake_(std::move(wake)) {}

  // --- The client's thread. ---

  // The ticket comes back with the answer; the trace, if there is one, is remembered with the events that follow.
  [[nodiscard]] bool submit(Ticket ticket, Command&& command, const std::optional<TraceContext>& trace = {}) {
    if (under_way_ == requests_.capacity()) return false;
    ASSERT(requests_.try_push(Request{ticket, std::move(command), trace}));
    ++under_way_;
    unflushed_ = true;
    return true;
  }

  // Sees to it that what was submitted since the last flush is decided.
  void flush() {
    if (!std::exchange(unflushed_, false)) return;
    ASSERT(asked_ != nullptr);
    if (*asked_) (*asked_)();
  }

  // Calls take(Answer&&) for each answer that is there; returns how many.
  template <class Take>
  size_t drain(Take&& take) {
    const size_t count = answers_.drain(answers_.capacity(), std::forward<Take>(take));
    under_way_ -= count;
    return count;
  }

  [[nodiscard]] size_t under_way() const { return under_way_; }
  [[nodiscard]] size_t capacity() const { return requests_.capacity(); }

  // --- The thread that is at the cell. ---

  // Whom to tell that something was submitted: outlives the port's use.
  void attach(const std::function<void()>& asked) { asked_ = &asked; }

  template <class Take>
  size_t take_requests(size_t limit, Take&& take) {
    return requests_.drain(limit, std::forward<Take>(take));
  }

  // There is always room: no more answers than requests are under way.
  void answer(Answer&& answer) {
    ASSERT(answers_.try_push(std::move(answer)));
    unwoken_ = true;
  }

  void wake_client() {
    if (std::exchange(unwoken_, false)) wake_();
  }

  // Any thread: a hint.
  [[nodiscard]] size_t waiting_requests() const { return requests_.size(); }

 private:
  Ring<Request> requests_;
  Ring<Answer> answers_;
  const std::function<void()> wake_;
  const std::function<void()>* asked_ = nullptr;
  // Client's.
  size_t under_way_ = 0;
  bool unflushed_ = false;
  // Cell's.
  bool unwoken_ = false;
};

}  // namespace doorbuster::cell
