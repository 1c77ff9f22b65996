#include "sim/question.h"

#include <array>

#include "sim/cells.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

Question told(const sale::Reserve& command) {
  return {.what = "reserve",
          .customer = command.customer,
          .sale = command.sale,
          .idempotency = command.idempotency,
          .annotations = command.annotations};
}
Question told(const sale::LookUpHold& command) {
  return {.what = "look up hold", .customer = command.customer, .hold = command.hold, .reads_only = true};
}
Question told(const sale::LookUpEntry& command) {
  return {.what = "look up entry", .customer = command.customer, .entry = command.entry, .reads_only = true};
}
Question told(const sale::Join& command) {
  return {.what = "join",
          .customer = command.customer,
          .sale = command.sale,
          .idempotency = command.idempotency,
          .annotations = command.annotations};
}
Question told(const sale::Leave& command) {
  return {.what = "leave", .customer = command.customer, .entry = command.entry};
}
Question told(const sale::RemoveEntry& command) {
  return {.what = "remove entry", .idempotency = command.cause.idempotency, .entry = command.entry};
}
Question told(const sale::Release& command) {
  return {
      .what = "release", .customer = command.customer, .idempotency = command.cause.idempotency, .hold = command.hold};
}
Question told(const sale::StartPayment& command) {
  return {
      .what = "start payment", .customer = command.customer, .idempotency = command.idempotency, .hold = command.hold};
}
Question told(const sale::SettlePayment& command) {
  const bool succeeded = command.result == sale::PaymentResult::kSucceeded;
  return {.what = succeeded ? "payment succeeded" : "payment failed", .hold = command.hold, .attempt = command.attempt};
}
Question told(const sale::SettleRefund& command) {
  return {.what = "refund done", .hold = command.hold, .attempt = command.attempt};
}
Question told(const sale::CreateSale& command) {
  return {.what = "create sale", .idempotency = command.cause.idempotency};
}
Question told(const sale::ChangeSale& command) {
  return {.what = "change sale", .sale = command.sale, .idempotency = command.cause.idempotency};
}
Question told(const sale::ActOnSale& command) {
  static constexpr std::array<std::string_view, 4> kActions = {"publish", "pause", "resume", "close"};
  return {.what = kActions[static_cast<size_t>(command.action)],
          .sale = command.sale,
          .idempotency = command.cause.idempotency};
}

Question told(const sale::GiveBeacon& command) {
  return {.what = "give beacon", .sale = command.sale, .idempotency = command.cause.idempotency};
}

// Slot and generation, behind the cell's where it is not the first one.
template <class Tag>
std::string digits_of(sale::SlotNumber<Tag> number) {
  const uint32_t cell = cell_of(number).value();
  const std::string whose = cell == 0 ? "" : std::to_string(cell) + ":";
  return whose + std::to_string(inside(number).slot) + "." + std::to_string(number.generation);
}

}  // namespace

Question question_of(const sale::Command& command) {
  return std::visit([](const auto& what) { return told(what); }, command);
}

std::string text_of(sale::HoldNumber hold) { return "hold " + digits_of(hold); }

std::string text_of(sale::EntryNumber entry) { return "entry " + digits_of(entry); }

std::string_view text_of(sale::Outcome outcome) {
  static constexpr std::array<std::string_view, 30> kNames = {
      "done",         "already",       "sold out",          "one per customer", "not your turn", "not open",
      "paused",       "closed",        "removed",           "not found",        "expired",       "released",
      "already sold", "in flight",     "too many payments", "too many entries", "key reused",    "id taken",
      "wrong state",  "units in use",  "terms changed",     "no queue",         "nothing to pay", "no beacon",
      "beacon not due", "beacon given", "beacon passed",    "invalid",          "limit reached", "no room to annotate"};
  return kNames[static_cast<size_t>(outcome)];
}

std::string text_of(const Question& question) {
  std::string text(question.what);
  if (question.customer) text += " by customer " + std::to_string(ServerKeys::get().number_of(*question.customer));
  if (question.hold) text += " of " + text_of(*question.hold);
  if (question.entry) text += " of " + text_of(*question.entry);
  if (question.attempt != 0) text += " attempt " + std::to_string(question.attempt);
  if (question.idempotency.key != 0) text += " key " + std::to_string(question.idempotency.key);
  return text;
}

std::string text_of(const sale::Reply& reply) {
  std::string text(text_of(reply.outcome));
  if (reply.hold) {
    text += ", " + text_of(reply.hold->number) + " is " + std::string(sale::name_of(reply.hold->state)) +
            ", attempts " + std::to_string(reply.hold->attempts) + ", refund " +
            std::string(sale::name_of(reply.hold->refund));
  }
  if (reply.entry) {
    text += ", " + text_of(reply.entry->number) + " is " + std::string(sale::name_of(reply.entry->state)) +
            " at position " + std::to_string(reply.entry->position);
  }
  return text;
}

}  // namespace doorbuster::sim
