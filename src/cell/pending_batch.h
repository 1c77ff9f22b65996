// What becomes durable together, and everything that waits for it: events, and the answers, publications and traces
// that rest on them.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "cell/port.h"

namespace doorbuster::cell {

// So many events, from the first one on, became durable because of a request of this trace.
using OnTraced = std::function<void(Sequence first, uint32_t count, const TraceContext&)>;

template <Machine M>
struct PendingBatch {
  using Publish = std::function<void(typename M::Publication&&)>;
  struct Answered {
    Port<M>* port;
    typename Port<M>::Answer answer;
  };
  struct Traced {
    uint32_t at;  // events of the batch before it
    uint32_t count;
    TraceContext trace;
  };

  std::vector<std::byte> payload;
  uint32_t events = 0;
  Timestamp since;  // when the first of them was decided
  std::vector<Answered> answers;
  std::vector<typename M::Publication> publications;
  std::vector<Traced> traces;

  [[nodiscard]] bool empty() const { return events == 0 && answers.empty() && publications.empty(); }

  void release(const Publish& publish) {
    release_publications(publish);
    release_answers();
    clear();
  }
  void release_publications(const Publish& publish) {
    for (auto& publication : publications) publish(std::move(publication));
    publications.clear();
  }
  void release_answers() {
    for (Answered& answered : answers) answered.port->answer(std::move(answered.answer));
    answers.clear();
  }
  void release_traces(Sequence first, const OnTraced& on_traced) {
    for (const Traced& traced : traces) {
      if (on_traced) on_traced(first + traced.at, traced.count, traced.trace);
    }
    traces.clear();
  }

  // Nobody is told what was decided.
  void abandon(ReplyStatus status) {
    abandon_answers(status);
    clear();
  }
  void abandon_answers(ReplyStatus status) {
    for (const Answered& answered : answers) answered.port->answer({answered.answer.ticket, status, {}});
    answers.clear();
  }

  void clear() {
    payload.clear();
    events = 0;
    answers.clear();
    publications.clear();
    traces.clear();
  }
};

}  // namespace doorbuster::cell
