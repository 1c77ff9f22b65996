// /api/v1/abuse/take-downs: operators take links and domains down, see what is, and restore it.
#pragma once

#include <string>

#include "base/slot_pool.h"
#include "links/abuse/take_downs.h"
#include "links/api/click_recorder.h"
#include "links/api/link_base.h"
#include "links/api/registrable_domain.h"
#include "links/store/link_store.h"
#include "net/loop.h"
#include "platform/api/call.h"
#include "platform/operators/operator_authenticator.h"

namespace doorbuster::links {

// Those that change something, on their way through the machine.
class TakeDownChanges {
 public:
  // All outlive it.
  TakeDownChanges(net::Loop& loop, LinksClient& cell, const Clock& clock);

  // Each answers later.
  void take_down(const platform::Call& call, TakeDown wanted);
  void restore(const platform::Call& call, uint64_t id);

 private:
  struct Waiting {
    net::Ticket exchange;
    TakeDown wanted;  // of one that is restored only the id
    bool is_restored = false;
    std::string instance;
  };

  void submit(const platform::Call& call, Waiting waiting, LinksMachine::Command command);
  void take(const LinksClient::Answer& answer);
  void respond_taken_down(net::Exchange& exchange, const TakeDown& made) const;

  net::Loop& loop_;
  LinksClient& cell_;
  const Clock& clock_;
  const uint32_t owner_;
  SlotPool<Waiting> waiting_;
};

void list_take_downs(const platform::Call& call, platform::OperatorAuthenticator& operators,
                     const TakeDowns& take_downs);
void create_take_down(const platform::Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                      const LinkBase& base, const RegistrableDomains& domains, const TakeDowns& take_downs,
                      TakeDownChanges& changes);
void delete_take_down(const platform::Call& call, platform::OperatorAuthenticator& operators,
                      const TakeDowns& take_downs, TakeDownChanges& changes);

}  // namespace doorbuster::links
