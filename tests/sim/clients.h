// Everybody who asks a server something over a network that delays, loses and repeats: customers, operators, the bank.
//
// Who gets no answer asks again, with the same idempotency key, and perhaps another server; in the end they give up.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "auth/sealed_id.h"
#include "cell/port.h"
#include "sim/history.h"

namespace doorbuster::sim {

struct Ask {
  std::function<sale::Command()> make;  // the same command every time
  std::function<void(const sale::Reply&)> done;
  std::function<void()> gave_up;
  uint32_t tries = 5;
  Duration patience = Duration::seconds(4);
};

class Clients {
 public:
  // Hands a command to a server, if one is there and takes it.
  using Deliver = std::function<bool(uint64_t ticket, sale::Command&& command)>;

  Clients(Site& site, History& history, Deliver deliver)
      : site_(site), history_(history), deliver_(std::move(deliver)) {}

  void ask(Ask ask);

  // An answer leaves a server that took the log under `epoch`.
  void answered(uint64_t ticket, cell::ReplyStatus status, const sale::Reply& reply, Epoch epoch);

  // How many still wait for an answer.
  [[nodiscard]] size_t waiting() const { return waiting_; }

 private:
  struct Asking {
    Ask ask;
    Question question;
    uint32_t tries = 0;
    bool over = false;
  };
  using Handle = std::shared_ptr<Asking>;

  void send(const Handle& asking);
  void post(const Handle& asking);
  void again_or_give_up(const Handle& asking);
  void finish(const Handle& asking, const sale::Reply& reply);

  Site& site_;
  History& history_;
  const Deliver deliver_;
  uint64_t tickets_ = 0;
  size_t waiting_ = 0;
  std::map<uint64_t, Handle> under_way_;
};

}  // namespace doorbuster::sim
