#include "base/annotations_json.h"
#include "base/encoding.h"
#include "base/json.h"
#include "sale/api/calls.h"
#include "sale/api/deferred_calls.h"
#include "sale/api/entry_watch.h"
#include "sale/api/render.h"
#include "sale/api/stalled_line.h"

namespace doorbuster::sale {
namespace {

std::optional<DrawReceipt> known_receipt(const EntryView& entry, const AllViews& views) {
  return views.look(entry.sale, [&](const SaleViews& known) { return known.draws.receipt(entry.sale, entry.arrival); });
}

// What the customer keeps, to hold the server to it. Whoever has just joined gets theirs before the views know of it.
std::optional<DrawReceipt> receipt_of_joined(const Reply& reply, std::string_view id, std::string_view nonce,
                                             const SaleCatalog& catalog, const AllViews& views) {
  const EntryView& entry = *reply.entry;
  if (catalog.at(entry.sale).settings.queue != QueueKind::kDraw) return std::nullopt;
  if (reply.outcome != Outcome::kDone) return known_receipt(entry, views);
  const bool takes_part = reply.sale_state == SaleState::kPrequeue && entry.delayed_until == Timestamp();
  if (!takes_part) return std::nullopt;  // came after the opening, or is delayed
  const uint64_t index = entry.arrival - 1;
  return DrawReceipt{.index = index,
                     .nonce = std::string(nonce),
                     .leaf = draw_leaf(index, id, as_bytes(nonce)),
                     .commitment = catalog.status(entry.sale).commitment,
                     .entries = 0,
                     .root = {},
                     .proof = {}};
}

void respond_no_receipt(net::Exchange& exchange, std::string_view instance) {
  respond_problem(
      exchange, instance, net::Status::kConflict, "no-receipt", "No part in the draw",
      "This entry came after the opening, or just now, or is delayed, or the sale has no draw: it has no receipt.");
}

void finish_receipt(const Decided& decided, const AllViews& views) {
  const auto receipt = known_receipt(*decided.reply.entry, views);
  if (!receipt) return respond_no_receipt(decided.exchange, decided.kept.instance);
  std::string& body = decided.exchange.scratch();
  JsonWriter json(body);
  write_receipt(json, receipt);
  respond_json(decided, net::Status::kOk, body);
}

void finish_join(const Decided& decided, const SaleCatalog& catalog, const AllViews& views, const Clock& clock,
                 const auth::IdSealer& ids, const EntryTokens& tokens) {
  const bool is_new = decided.reply.outcome == Outcome::kDone;
  const EntryView& entry = *decided.reply.entry;
  const auth::SealedText sealed = entry_id(ids, entry.sale, entry.number);
  const std::string_view id = auth::view(sealed);
  std::string& body = decided.exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_entry_now(json, decided.reply, catalog, ids, clock.now());
  json.member("token", tokens.issue(entry.sale, entry.number)).key("receipt");
  write_receipt(json, receipt_of_joined(decided.reply, id, decided.kept.nonce, catalog, views));
  json.end_object();
  const std::string location = "/api/v1/sales/" + catalog.at(entry.sale).settings.id + "/queue/" + std::string(id);
  respond_json(decided, is_new ? net::Status::kAccepted : net::Status::kOk, body, location);
}

void finish_show_entry(const Decided& decided, const SaleCatalog& catalog, const Clock& clock,
                       const auth::IdSealer& ids) {
  if (!decided.reply.entry) return respond_forgotten(decided);
  std::string& body = decided.exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_entry_now(json, decided.reply, catalog, ids, clock.now());
  json.end_object();
  respond_json(decided, net::Status::kOk, body);
}

void finish_watch(const Decided& decided, EntryWatch& watch) { watch.begin(decided.exchange, decided.reply); }

struct Joining {
  BoundedText<kDrawNonceBytesMax> nonce;  // what the customer adds to their leaf of the draw
  Annotations annotations;
};

// {"nonce": "...", "client_reference": "...", "metadata": {...}}, all of them optional, the nonce in base64url. Answers
// by itself and returns nothing if the body is anything else.
std::optional<Joining> joining_in(const Call& call) {
  Joining joining;
  if (call.request.body().empty()) return joining;
  JsonDocument document(call.request.body());
  const JsonObject root = document.root();
  const JsonValue value = root.optional("nonce");
  std::array<std::byte, kDrawNonceBytesMax> bytes;
  const auto size = from_base64url(value.string(), bytes);
  if (!size) value.refuse("a nonce is at most 32 bytes in base64url without padding");
  if (size) joining.nonce = as_text(Bytes(bytes).first(*size));
  joining.annotations = read_annotations(root);
  const auto finished = document.finish();
  if (finished) return joining;
  respond_invalid(call.exchange, call.request.path(), finished.error().message);
  return std::nullopt;
}

// `answer_stalled` is told of a place in a line that never moves.
template <class AnswerStalled>
void look_up_entry(const Call& call, RequestReader& reader, DeferredCalls& calls, Finish finish,
                   AnswerStalled&& answer_stalled) {
  const auto id = reader.entry_of(call);
  if (!id) return;
  const auto looker = reader.looker_of(call, *id);
  if (!looker) return;
  if (id->kind == auth::IdKind::kStalledEntry)
    return reader.is_operator(call) ? StalledLine::explain(call) : answer_stalled(*id);
  calls.ask(call, SaleNumber(id->sale), LookUpEntry{EntryNumber::unpacked(id->number), looker->customer},
            deferred(call, finish));
}

}  // namespace

void join_queue(const Call& call, RequestReader& reader, DeferredCalls& calls, const StalledLine& stalled) {
  const auto asked = reader.joiner_of(call, stalled);
  if (!asked) return;
  auto joining = joining_in(call);
  if (!joining) return;
  Deferred kept = deferred(call, asked->caller, finish_by<finish_join>);
  kept.nonce = joining->nonce;
  calls.ask(
      call, asked->listing.number,
      Join{asked->listing.number, asked->caller.hash, asked->idempotency, std::string(joining->nonce.view()),
           merged(std::move(joining->annotations), asked->caller.annotations), asked->caller.kind, asked->assessment},
      kept);
}

void show_entry(const Call& call, RequestReader& reader, DeferredCalls& calls, const StalledLine& stalled) {
  look_up_entry(call, reader, calls, finish_by<finish_show_entry>,
                [&](const auth::SealedId& id) { stalled.show(call, id); });
}

void watch_entry(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  look_up_entry(call, reader, calls, finish_by<finish_watch>,
                [&](const auth::SealedId&) { respond_too_many_watchers(call.exchange); });
}

void show_receipt(const Call& call, RequestReader& reader, DeferredCalls& calls) {
  look_up_entry(call, reader, calls, finish_by<finish_receipt>,
                [&](const auth::SealedId&) { respond_no_receipt(call.exchange, call.request.path()); });
}

void leave_queue(const Call& call, RequestReader& reader, DeferredCalls& calls, const StalledLine& stalled) {
  const auto id = reader.entry_of(call);
  if (!id) return;
  if (id->kind == auth::IdKind::kStalledEntry) {
    if (reader.is_operator(call)) return reader.operator_of(call) ? StalledLine::explain(call) : void();
    return reader.customer_who_changes(call, *id) ? stalled.show_left(call, *id) : void();
  }
  const EntryNumber entry = EntryNumber::unpacked(id->number);
  const Deferred kept = deferred(call, finish_by<finish_show_entry>);
  if (reader.is_operator(call)) {
    auto cause = reader.cause_of(call);
    if (cause) calls.ask(call, SaleNumber(id->sale), RemoveEntry{entry, std::move(*cause)}, kept);
    return;
  }
  const auto caller = reader.customer_who_changes(call, *id);
  if (caller) calls.ask(call, SaleNumber(id->sale), Leave{entry, caller->hash}, kept);
}

}  // namespace doorbuster::sale
