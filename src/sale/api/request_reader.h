// What the sale's calls read from a request: the sale, the thing and the person that it is about. One a reactor.
//
// Whatever is not right is answered here, and nothing is returned.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "auth/customer_id.h"
#include "auth/guest_cookie.h"
#include "auth/keys.h"
#include "auth/sealed_id.h"
#include "platform/api/gate.h"
#include "platform/operators/operator_authenticator.h"
#include "sale/api/caller.h"
#include "sale/api/catalog.h"
#include "sale/api/context.h"
#include "sale/api/stalled_line.h"
#include "sale/machine/command.h"

namespace doorbuster::sale {

using platform::Call;

// 503: the sale is archived, and what is known of it can't be read.
void respond_archive_lost(const Call& call);
// 503: the same, or it is not known yet, soon after a start (SaleCatalog::is_unreadable).
void respond_unreadable(const Call& call, const AllViews& views);

// Which customers without a token of the shop a call takes.
enum class Guests : uint8_t {
  kWelcome,  // anybody: who has no cookie yet is given one
  kKnown,    // who has a cookie of ours: only they can have something already
  kRefused,
};

// Who may look at an entry.
struct Looker {
  std::optional<CustomerHash> customer;  // none: the token or the operator's key is enough
};

// A customer who asks for something of the sale in the path: a unit, or a place in its queue.
struct Applicant {
  const Listing& listing;
  Caller caller;
  Idempotency idempotency;
  Assessment assessment;  // the gate's
};

// An operator's call for a sale.
struct OperatorCall {
  const Listing& listing;
  std::string actor;
  Idempotency idempotency;

  [[nodiscard]] Cause because(std::string reason) const { return {actor, std::move(reason), idempotency}; }
};

// The Idempotency-Key header, if there is one, with a fingerprint of the request. The scope keeps the keys of different
// clients apart where the machine does not. Answers 400 and returns nothing if the key is empty or longer than 255
// bytes.
[[nodiscard]] std::optional<Idempotency> idempotency_of(const Call& call, std::string_view scope = {});

class RequestReader {
 public:
  // The context and the catalog outlive it.
  RequestReader(SaleContext& context, const SaleCatalog& catalog, platform::Operators operators);

  // --- What it is about. ---

  // The sale in the path. For all but operators a draft is not there.
  [[nodiscard]] const Listing* sale_of(const Call& call);
  // An id in the path that we gave.
  [[nodiscard]] std::optional<auth::SealedId> id_of(const Call& call, size_t parameter, auth::IdKind kind);
  // The entry in the path, of the sale in the path; of the kind kStalledEntry if it is none and only looks like one.
  [[nodiscard]] std::optional<auth::SealedId> entry_of(const Call& call);

  // --- Operators. ---

  // Whether the call claims to be an operator's: only looks.
  [[nodiscard]] bool is_operator(const Call& call) const { return operators_.presents_credentials(call); }
  // The id of the operator's key, by the key or a session.
  [[nodiscard]] std::optional<std::string> operator_of(const Call& call) { return operators_.operator_of(call); }
  // Writes into the server's audit trail what this call does. kIo: it must not be done.
  [[nodiscard]] Result<void> note(const Call& call, platform::OperatorAuthenticator::Deed deed) {
    return operators_.note(call, std::move(deed));
  }
  // Who the operator is and why they do it: the key, and `reason` from the body.
  [[nodiscard]] std::optional<Cause> cause_of(const Call& call);
  [[nodiscard]] std::optional<OperatorCall> operator_call_of(const Call& call);

  // --- Customers. ---

  // Whoever wants to join or reserve: guests only where the sale takes them. The body is still to be read.
  [[nodiscard]] std::optional<Applicant> applicant_of(const Call& call, platform::Action action);
  // The same for who wants to join: they may be sent to wait for nothing instead, and are answered then.
  [[nodiscard]] std::optional<Applicant> joiner_of(const Call& call, const StalledLine& stalled);
  // The customer who asks about something they have: answers 401, or 403 where the token is for another sale.
  [[nodiscard]] std::optional<Caller> customer_of(const Call& call, const auth::SealedId& id);
  // The same, for a customer who is about to change it: they have to pass the gate, too.
  [[nodiscard]] std::optional<Caller> customer_who_changes(const Call& call, const auth::SealedId& id);
  // The same, for a customer who asks again and again.
  [[nodiscard]] std::optional<Caller> customer_who_looks(const Call& call, const auth::SealedId& id);
  // Who may look at an entry, and does not ask too often: its customer, whoever has its token, an operator.
  [[nodiscard]] std::optional<Looker> looker_of(const Call& call, const auth::SealedId& id);
  // Who has asked, for what the gate hears of what becomes of that.
  [[nodiscard]] platform::Taker taker_of(const Call& call, const Caller& caller, SaleNumber sale) const;
  // What the gate thinks of a customer's request that may go on; otherwise it has answered.
  [[nodiscard]] std::optional<Assessment> pass_gate(const Call& call, platform::Action action, const Listing& listing,
                                                    const platform::Asker& asker,
                                                    const platform::Stall* stall = nullptr);

 private:
  [[nodiscard]] std::optional<Applicant> applicant_of(const Call& call, platform::Action action,
                                                      const StalledLine* stalled);
  [[nodiscard]] std::optional<auth::SealedId> find_id(std::string_view text, auth::IdKind kind) const;
  static void respond_no_such_id(const Call& call);
  [[nodiscard]] std::optional<Caller> customer_at_gate(const Call& call, const auth::SealedId& id,
                                                       platform::Action action);
  // By the shop's token or by a guest's cookie.
  [[nodiscard]] std::optional<Caller> caller_of(const Call& call, Guests guests);
  [[nodiscard]] std::optional<Caller> caller_for(const Call& call, Guests guests, const Listing& listing);

  const SaleCatalog& catalog_;
  const AllViews& views_;
  const Clock& wall_;
  const auth::CustomerHasher& customers_;
  const auth::GuestCookies& cookies_;
  const auth::IdSealer& ids_;
  const EntryTokens& entry_tokens_;
  const bool keeps_customer_ids_;
  platform::Gate& gate_;
  auth::KeyView keys_;
  platform::OperatorAuthenticator operators_;
};

}  // namespace doorbuster::sale
