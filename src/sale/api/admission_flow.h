// Customers on their way in: each is looked up in the cell, step by step, and then let in, sent to the waiting room, or
// told why not.
//
// It remembers for each what an exchange has no room for, such as the address to go back to.
#pragma once

#include <string>

#include "base/slot_pool.h"
#include "net/loop.h"
#include "sale/api/admissions.h"
#include "sale/api/catalog.h"
#include "sale/api/context.h"
#include "sale/api/deferred_calls.h"

namespace doorbuster::sale {

// What is asked for.
enum class AdmissionKind : uint8_t {
  kToken,     // an admission, as JSON
  kRedirect,  // to be let in at once if there is a place, and to wait in the room otherwise
  kCheck,     // whether an admission is still good, for the site behind a proxy
};

struct AdmissionRequest {
  AdmissionKind kind{};
  SaleNumber sale;
  CustomerHash customer;                       // kRedirect: a guest
  uint8_t rounds = 0;                          // kRedirect: rounds_in what they have shown
  std::optional<platform::PlainAddress> back;  // where they go with their admission
  std::string room;                            // where they wait: an address
  std::string instance;                        // the path, for problem details
  Timestamp expires_at;                        // kCheck: of the admission that they have shown
};

class AdmissionFlow {
 public:
  // All outlive it.
  AdmissionFlow(SaleContext& context, SaleCatalog& catalog, net::Loop& loop, SaleClient& cell);

  // Asks the first question on their behalf, or answers 503 if the cell has too much to do.
  void begin(net::Exchange& exchange, AdmissionRequest request, Command&& question);
  // The cell has answered.
  void take(const SaleAnswer& answer);

 private:
  // One request on its way.
  struct Pending {
    AdmissionRequest request;
    net::Ticket exchange;
    std::optional<EntryView> entry;  // once it is known
    bool was_in = false;             // before this request
  };

  void ask(net::Exchange& exchange, uint32_t index, Command&& question);
  void go_on(net::Exchange& exchange, uint32_t index, const Reply& reply);
  // Whoever has an offer or a hold is let in.
  void meet_entry(net::Exchange& exchange, uint32_t index, const Reply& reply);
  void finish_check(net::Exchange& exchange, const Pending& pending, const EntryView& entry);
  void finish(net::Exchange& exchange, const Pending& pending, const std::optional<HoldView>& hold);
  void respond_token(net::Exchange& exchange, const Pending& pending, const auth::Admission& admission);
  void respond_busy_to(net::Exchange& exchange, const AdmissionRequest& request);
  void respond_not_in(net::Exchange& exchange, const AdmissionRequest& request, const Reply& reply);

  SaleCatalog& catalog_;
  const AdmissionOptions& options_;
  const auth::AdmissionKeys& keys_;
  const auth::IdSealer& ids_;
  const Clock& clock_;
  net::Loop& loop_;
  SaleClient& cell_;
  const uint32_t owner_;
  SlotPool<Pending> pending_;
};

// 409: whoever has this state is not let in.
void respond_not_your_turn(net::Exchange& exchange, std::string_view instance, EntryState state);

// Answers that an admission is needed or not good enough, and where to get one.
void respond_no_entry(net::Exchange& exchange, std::string_view instance, std::string_view room,
                      std::string_view detail);

}  // namespace doorbuster::sale
