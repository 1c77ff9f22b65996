#include "base/encoding.h"
#include "base/json.h"
#include "sale/api/calls.h"
#include "sale/api/entry_watch.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {
namespace {

std::optional<DrawReceipt> known_receipt(Desk& desk, const EntryView& entry) {
  const Shared& shared = desk.shared();
  return shared.views.look(entry.sale,
                           [&](const SaleViews& views) { return views.draws.receipt(entry.sale, entry.arrival); });
}

// What the customer keeps, to hold the server to it. Whoever has just joined gets theirs before the views know of it.
std::optional<DrawReceipt> receipt_of_joined(Desk& desk, const Reply& reply, std::string_view id,
                                             std::string_view nonce) {
  const EntryView& entry = *reply.entry;
  if (desk.directory().find(entry.sale)->settings.queue != QueueKind::kDraw) return std::nullopt;
  if (reply.outcome != Outcome::kDone) return known_receipt(desk, entry);
  if (reply.sale_state != SaleState::kPrequeue) return std::nullopt;  // came after the opening
  const uint64_t index = entry.arrival - 1;
  return DrawReceipt{.index = index,
                     .nonce = std::string(nonce),
                     .leaf = draw_leaf(index, id, as_bytes(nonce)),
                     .commitment = desk.shared().board.read(entry.sale).status.commitment,
                     .entries = 0,
                     .root = {},
                     .proof = {}};
}

void finish_receipt(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  const auto receipt = known_receipt(desk, *reply.entry);
  if (!receipt) {
    return respond_problem(
        exchange, kept.instance, net::Status::kConflict, "no-receipt", "No part in the draw",
        "This entry came after the opening, or just now, or the sale has no draw: it has no receipt.");
  }
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  write_receipt(json, receipt);
  respond_json(desk, exchange, kept, net::Status::kOk, body);
}

void finish_join(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  const bool is_new = reply.outcome == Outcome::kDone;
  const EntryView& entry = *reply.entry;
  const auth::SealedText sealed = entry_id(desk.shared().ids, entry.sale, entry.number);
  const std::string_view id = auth::view(sealed);
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_entry_now(json, desk, entry, id);
  json.member("token", desk.shared().entry_tokens.issue(entry.sale, entry.number)).key("receipt");
  write_receipt(json, receipt_of_joined(desk, reply, id, kept.nonce));
  json.end_object();
  const std::string location =
      "/api/v1/sales/" + desk.directory().find(entry.sale)->settings.id + "/queue/" + std::string(id);
  respond_json(desk, exchange, kept, is_new ? net::Status::kAccepted : net::Status::kOk, body, location);
}

void finish_show_entry(Desk& desk, net::Exchange& exchange, const Deferred& kept, const Reply& reply) {
  if (!reply.entry) return respond_forgotten(exchange, kept);
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_entry_now(json, desk, *reply.entry,
                  auth::view(entry_id(desk.shared().ids, reply.entry->sale, reply.entry->number)));
  json.end_object();
  respond_json(desk, exchange, kept, net::Status::kOk, body);
}

void finish_watch(Desk& desk, net::Exchange& exchange, const Deferred&, const Reply& reply) {
  desk.entry_watch().begin(exchange, *reply.entry);
}

// What the customer adds to their leaf of the draw: {"nonce": "..."}, base64url. Answers by itself and returns nothing
// if the body is anything else.
std::optional<BoundedText<kDrawNonceBytesMax>> nonce_in(const Call& call) {
  BoundedText<kDrawNonceBytesMax> nonce;
  if (call.request.body().empty()) return nonce;
  JsonDocument document(call.request.body());
  const JsonValue value = document.root().optional("nonce");
  std::array<std::byte, kDrawNonceBytesMax> bytes;
  const auto size = from_base64url(value.string(), bytes);
  if (!size) value.refuse("a nonce is at most 32 bytes in base64url without padding");
  if (size) nonce = as_text(Bytes(bytes).first(*size));
  const auto finished = document.finish();
  if (finished) return nonce;
  respond_invalid(call.exchange, call.request.path(), finished.error().message);
  return std::nullopt;
}

void look(Desk& desk, const Call& call, Finish finish) {
  const auto id = entry_in(desk, call);
  if (!id) return;
  const auto looker = looker_of(desk, call, *id);
  if (looker) desk.ask(call, LookUpEntry{EntryNumber::unpacked(id->number), looker->customer}, deferred(call, finish));
}

}  // namespace

void join_queue(Desk& desk, const Call& call) {
  const auto asked = applicant_of(desk, call, platform::Action::kJoin);
  if (!asked) return;
  const auto nonce = nonce_in(call);
  if (!nonce) return;
  Deferred kept = deferred(call, asked->caller, finish_join);
  kept.nonce = *nonce;
  desk.ask(call, Join{asked->listing.number, asked->caller.hash, asked->idempotency, std::string(nonce->view())}, kept);
}

void show_entry(Desk& desk, const Call& call) { look(desk, call, finish_show_entry); }

void watch_entry(Desk& desk, const Call& call) { look(desk, call, finish_watch); }

void show_receipt(Desk& desk, const Call& call) { look(desk, call, finish_receipt); }

void leave_queue(Desk& desk, const Call& call) {
  const auto id = entry_in(desk, call);
  if (!id) return;
  const EntryNumber entry = EntryNumber::unpacked(id->number);
  if (desk.is_operator(call)) {
    auto cause = cause_of(desk, call);
    if (cause) desk.ask(call, RemoveEntry{entry, std::move(*cause)}, deferred(call, finish_show_entry));
    return;
  }
  const auto caller = customer_who_changes(desk, call, *id);
  if (caller) desk.ask(call, Leave{entry, caller->hash}, deferred(call, finish_show_entry));
}

}  // namespace doorbuster::sale
