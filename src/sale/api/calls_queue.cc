#include "sale/api/calls.h"
#include "sale/api/entry_watch.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {
namespace {

void finish_join(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  const std::string body = entry_json(desk, *reply.entry, WithToken::kYes);
  const bool is_new = reply.outcome == Outcome::kDone;
  const std::string location =
      "/api/v1/sales/" + desk.directory().find(reply.entry->sale)->settings.id + "/queue/" +
      std::string(auth::view(entry_id(desk.shared().ids, reply.entry->sale, reply.entry->number)));
  respond_json(desk, exchange, kept, is_new ? net::Status::kAccepted : net::Status::kOk, body, location);
}

void finish_show(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  if (!reply.entry) return respond_forgotten(exchange, kept);
  respond_json(desk, exchange, kept, net::Status::kOk, entry_json(desk, *reply.entry, WithToken::kNo));
}

void finish_watch(Desk& desk, net::Exchange& exchange, const Deferred&, const Reply& reply) {
  desk.entry_watch().begin(exchange, *reply.entry);
}

// Who may look at an entry: its customer, whoever has its token, an operator. Answers by itself if nobody may.
struct Looker {
  std::optional<CustomerHash> customer;  // none: the token or the operator's key is enough
};

std::optional<Looker> looker_of(Desk& desk, const Call& call, const auth::SealedId& id) {
  if (desk.is_operator(call)) return desk.operator_of(call) ? std::optional(Looker{}) : std::nullopt;
  const auto token = call.request.query_parameter("token");
  if (token && desk.shared().entry_tokens.fits(*token, SaleNumber(id.sale), EntryNumber::unpacked(id.number)))
    return Looker{};
  const auto caller = customer_of(desk, call, id);
  return caller ? std::optional(Looker{caller->hash}) : std::nullopt;
}

// The entry in the path, of the sale in the path.
std::optional<auth::SealedId> entry_in(Desk& desk, const Call& call) {
  const Listing* listing = desk.sale_of(call);
  if (listing == nullptr) return std::nullopt;
  const auto id = id_of(desk, call, 1, auth::IdKind::kEntry);
  if (id && id->sale != listing->number.value()) {
    respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "not-found", "Not found",
                    "This entry is of another sale.");
    return std::nullopt;
  }
  return id;
}

void look(Desk& desk, const Call& call, Finish finish) {
  const auto id = entry_in(desk, call);
  if (!id) return;
  const auto looker = looker_of(desk, call, *id);
  if (looker) desk.ask(call, LookUpEntry{EntryNumber::unpacked(id->number), looker->customer}, deferred(call, finish));
}

}  // namespace

void join_queue(Desk& desk, const Call& call) {
  const auto asked = applicant_of(desk, call);
  if (!asked) return;
  desk.ask(call, Join{asked->listing.number, asked->caller.hash, asked->idempotency},
           deferred(call, asked->caller, finish_join));
}

void show_entry(Desk& desk, const Call& call) { look(desk, call, finish_show); }

void watch_entry(Desk& desk, const Call& call) { look(desk, call, finish_watch); }

void leave_queue(Desk& desk, const Call& call) {
  const auto id = entry_in(desk, call);
  if (!id) return;
  const EntryNumber entry = EntryNumber::unpacked(id->number);
  if (desk.is_operator(call)) {
    auto cause = cause_of(desk, call);
    if (cause) desk.ask(call, RemoveEntry{entry, std::move(*cause)}, deferred(call, finish_show));
    return;
  }
  const auto caller = customer_of(desk, call, *id);
  if (caller) desk.ask(call, Leave{entry, caller->hash}, deferred(call, finish_show));
}

}  // namespace doorbuster::sale
