// Commands of one reactor on their way to the cell, and their answers on the way back: an answer waits until what it
// rests on is durable and in the tables, so that whoever has it finds what they wrote.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "base/slot_pool.h"
#include "platform/api/cell_client.h"
#include "platform/views/follower.h"
#include "recs/machine/recs_machine.h"

namespace doorbuster::recs {

using RecsClient = platform::CellClient<RecsMachine>;
// A client's only line: the number of the cell behind it is the service's business.
inline constexpr CellId kLine{0};

class RecsCommands {
 public:
  // So many at once: each may hold a request's rows.
  static constexpr size_t kUnderWayMax = 256;

  // All outlive it; `cell` is the follower's.
  RecsCommands(net::Loop& loop, const platform::Follower& follower, CellId cell);

  using Respond = std::function<void(net::Exchange&, const RecsMachine::Reply&)>;
  // Answers in another format than ours that nothing was done, or that nobody knows what was.
  using Refuse = void (*)(net::Exchange&, std::string_view detail);
  // Defers the call; answers 503 if there is too much to do, or the outcome is not known.
  void ask(const platform::Call& call, RecsMachine::Command&& command, Respond respond, Refuse refuse = nullptr);

  // Any thread: more is in the tables.
  void note_heard() { inbox_.notify(); }
  [[nodiscard]] RecsClient::Port& port() { return client_.port(kLine); }

 private:
  struct Asked {
    net::Ticket exchange;
    std::string instance;
    Respond respond;
    Refuse refuse = nullptr;
  };
  struct Answered {
    uint32_t slot = 0;
    RecsMachine::Reply reply;
  };

  void take(const RecsClient::Answer& answer);
  void give_heard();
  void give(uint32_t slot, const RecsMachine::Reply& reply);

  net::Loop& loop_;
  const platform::Follower& follower_;
  const CellId cell_;
  RecsClient client_;
  const uint32_t owner_;
  net::Inbox& inbox_;
  SlotPool<Asked> asked_;
  std::deque<Answered> answered_;  // not in the tables yet, in the order of the log
};

}  // namespace doorbuster::recs
