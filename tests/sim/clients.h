// Everybody who asks a server something over a network that delays, loses and repeats: customers, operators, the bank.
//
// Who gets no answer asks again, with the same idempotency key, and perhaps another server; in the end they give up.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "sim/answer_book.h"
#include "sim/history.h"
#include "sim/requests.h"

namespace doorbuster::sim {

struct Ask {
  std::function<sale::Command()> make;  // the same command every time
  std::function<void(const Heard&)> done;
  std::function<void()> gave_up;
  uint32_t tries = 5;
  Duration patience = Duration::seconds(4);
  bool by_order = false;  // a hold is looked up by the order of its payments
};

class Clients {
 public:
  // Hands a request to a server, if one is there.
  using Deliver = std::function<void(uint64_t ticket, std::string request)>;

  Clients(Site& site, History& history, AnswerBook& answers, Deliver deliver)
      : site_(site), history_(history), answers_(answers), deliver_(std::move(deliver)) {}

  void ask(Ask ask);

  // An answer leaves a server that has the logs like that.
  void answered(uint64_t ticket, const std::string& answer, const LogRanges& logs);

  // By what is known of a server's ids.
  [[nodiscard]] PublicIds& ids() { return ids_; }
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
  [[nodiscard]] std::string request_for(const Asking& asking) const;
  void make_guest(Question& question, std::string_view answer, Heard& heard);
  [[nodiscard]] bool may_say(const Heard& heard, const Question& question, const StaffSession* session) const;
  void finish(const Handle& asking, const Heard& heard);

  Site& site_;
  History& history_;
  AnswerBook& answers_;
  const Deliver deliver_;
  uint64_t tickets_ = 0;
  size_t waiting_ = 0;
  struct Posted {
    Handle asking;
    uint64_t step = 0;                      // at which it was sent
    const StaffSession* session = nullptr;  // by which the staff asks
  };
  std::map<uint64_t, Posted> under_way_;
  PublicIds ids_;
};

}  // namespace doorbuster::sim
