// What several calls read from a request.
#pragma once

#include "sale/api/desk.h"

namespace doorbuster::sale {

// The Idempotency-Key header, if there is one, with a fingerprint of the request. The scope keeps the keys of different
// clients apart where the machine does not. Answers 400 and returns nothing if the key is empty or longer than 255
// bytes.
[[nodiscard]] std::optional<Idempotency> idempotency_of(const Call& call, std::string_view scope = {});

// Who the operator is and why they do it: the key, and `reason` from the body. Answers by itself and
// returns nothing if it is not an operator or the body is wrong.
[[nodiscard]] std::optional<Cause> cause_of(Desk& desk, const Call& call);

// Whether the views know all that had happened when the server started. Answers 503 otherwise.
[[nodiscard]] bool has_caught_up(Desk& desk, const Call& call);

// The sale in the path, if an operator asks and the views know all that had happened when the server started. Answers
// by itself and returns nothing otherwise.
[[nodiscard]] const Listing* sale_for_report(Desk& desk, const Call& call);

// The same, or, with `share` in the query, whoever has the link to the report of a sale that is over (calls_report.cc).
struct ReportReader {
  const Listing* listing;
  bool is_operator;
};
[[nodiscard]] std::optional<ReportReader> reader_of_report(Desk& desk, const Call& call);

// The ids in a path. Whatever is not an id that we gave answers 404 and returns nothing.
[[nodiscard]] std::optional<auth::SealedId> id_of(Desk& desk, const Call& call, size_t parameter, auth::IdKind kind);

// The customer who wants to join or reserve: guests only where the sale takes them.
[[nodiscard]] std::optional<Caller> customer_for(Desk& desk, const Call& call, const Listing& listing);

// The customer who asks about something they have. Both answer 401, or 403 where the token is for another sale.
[[nodiscard]] std::optional<Caller> customer_of(Desk& desk, const Call& call, const auth::SealedId& id);

// The same, for a customer who is about to change it: they have to pass the gate, too.
[[nodiscard]] std::optional<Caller> customer_who_changes(Desk& desk, const Call& call, const auth::SealedId& id);

// Whether the gate lets a customer's command be made; otherwise it has answered.
[[nodiscard]] bool passes_gate(Desk& desk, const Call& call, platform::Action action, const Listing& listing,
                               bool is_known);

// Who may look at an entry: its customer, whoever has its token, an operator. Answers by itself if nobody may.
struct Looker {
  std::optional<CustomerHash> customer;  // none: the token or the operator's key is enough
};
[[nodiscard]] std::optional<Looker> looker_of(Desk& desk, const Call& call, const auth::SealedId& id);

// The entry in the path, of the sale in the path.
[[nodiscard]] std::optional<auth::SealedId> entry_in(Desk& desk, const Call& call);

[[nodiscard]] Deferred deferred(const Call& call, Finish finish);
[[nodiscard]] Deferred deferred(const Call& call, const Caller& caller, Finish finish);

// Asks for the hold that the path names by an id of this kind: a customer's own, or any for an operator.
void look_up_hold(Desk& desk, const Call& call, auth::IdKind kind, Finish finish);

// A customer who asks for something of the sale in the path: a unit, or a place in its queue. Answers by itself and
// returns nothing if there is no such sale, the customer or the key is not right, or the gate is shut. The body is
// still to be read.
struct Applicant {
  const Listing& listing;
  Caller caller;
  Idempotency idempotency;
};
[[nodiscard]] std::optional<Applicant> applicant_of(Desk& desk, const Call& call, platform::Action action);

// The customer's hold, as the last step of several calls.
void finish_with_hold(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply,
                      net::Status status);

// An operator's request came again, so late that its hold or entry is not remembered any more.
void respond_forgotten(net::Exchange& exchange, const Deferred& kept);

// Answers with a JSON body that must not be cached, and with the guest's cookie if they are new.
void respond_json(Desk& desk, net::Exchange& exchange, const Deferred& kept, net::Status status, std::string_view body,
                  std::string_view location = {});

}  // namespace doorbuster::sale
