// What operators do: create, change, pause, resume and close sales.
#include <array>

#include "base/bug_zoo.h"
#include "sale/machine/answers.h"
#include "sale/machine/decide.h"
#include "sale/machine/due.h"

namespace doorbuster::sale {
namespace {

bool has_terms(const Sale& sale, std::optional<TermsTag> terms) {
  return !terms || bug_planted(Bug::kStaleTermsChanged) || terms_tag(sale.settings, sale.message) == *terms;
}

std::optional<Reply> refuse_change(const State& state, const ChangeSale& command, const Sale& sale) {
  const SettingsPatch& patch = *command.patch;
  const bool has_opened = sale.state >= SaleState::kOpen;
  // What customers have already relied on stays: when it opened, what a unit costs, how long a payment may take, how
  // many units they may have.
  const bool takes_back = patch.per_customer && *patch.per_customer < sale.settings.per_customer;
  const bool moves_the_past = patch.opens_at || patch.prequeue_opens_at || patch.price || patch.payment_grace_seconds ||
                              takes_back || (patch.review && gives_places(sale));
  if (sale.state == SaleState::kClosed || (has_opened && moves_the_past))
    return answer(state, Outcome::kWrongState, command.sale);

  const Settings settings = patched(sale.settings, patch);
  if (!validate(settings, beacon_of(sale)).empty()) return answer(state, Outcome::kInvalidSettings, command.sale);
  if (settings.units < sale.settings.units && sale.settings.units - settings.units > sale.available) {
    Reply reply = answer(state, Outcome::kUnitsInUse, command.sale);
    reply.units = sale.available;
    return reply;
  }
  return std::nullopt;
}

// Where an action leads from the sale's state; nothing if it can't be taken there.
std::optional<SaleState> target_of(SaleAction action, const Sale& sale) {
  if (action == SaleAction::kClose)
    return sale.state == SaleState::kClosed ? std::nullopt : std::optional(SaleState::kClosed);
  struct Move {
    SaleState from;
    SaleState to;
  };
  // publish, pause, resume
  static constexpr std::array<Move, 3> kMoves = {{{SaleState::kDraft, SaleState::kScheduled},
                                                  {SaleState::kOpen, SaleState::kPaused},
                                                  {SaleState::kPaused, SaleState::kOpen}}};
  const Move& move = kMoves[static_cast<size_t>(action)];
  return sale.state == move.from ? std::optional(move.to) : std::nullopt;
}

}  // namespace

std::optional<Reply> repeated_request(const State& state, const Cause& cause) {
  if (cause.idempotency.key == 0) return std::nullopt;
  const auto* before = state.operator_request(cause.idempotency.key);
  if (before == nullptr) return std::nullopt;
  const bool same = before->fingerprint == cause.idempotency.fingerprint;
  return answer(state, same ? Outcome::kAlready : Outcome::kKeyReused, before->sale);
}

Reply decide(const CreateSale& command, Step& step) {
  if (auto reply = repeated_request(step.state, command.cause)) return *reply;
  if (const auto taken = step.state.sale_named(command.settings->id))
    return answer(step.state, Outcome::kIdTaken, *taken);
  const auto beacon = command.beacon ? std::optional(*command.beacon) : std::nullopt;
  if (!validate(*command.settings, beacon).empty()) return answer(step.state, Outcome::kInvalidSettings, {});
  if (beacon && beacon->is_public(step.now)) return answer(step.state, Outcome::kBeaconPassed, {});
  const auto number = step.state.next_sale();
  if (!number) return answer(step.state, Outcome::kLimitReached, {});
  const SaleState state = command.draft ? SaleState::kDraft : SaleState::kScheduled;
  record(SaleCreated{*number, state, *command.settings, command.cause}, step);
  if (command.settings->queue == QueueKind::kDraw) record(DrawCommitted{*number, command.draw_secret}, step);
  if (beacon) record(BeaconNamed{*number, *beacon}, step);
  // A sale that should be open by now need not wait for a tick.
  if (state == SaleState::kScheduled) on_sale_due(*number, step.now, step);
  return answer(step.state, Outcome::kDone, *number);
}

Reply decide(const ChangeSale& command, Step& step) {
  if (auto reply = repeated_request(step.state, command.cause)) return *reply;
  const Sale* sale = step.state.find_sale(command.sale);
  if (sale == nullptr) return answer_not_kept(step.state, Outcome::kWrongState, command.sale);
  if (!has_terms(*sale, command.of_terms)) return answer(step.state, Outcome::kTermsChanged, command.sale);
  if (command.message && !is_message(*command.message))
    return answer(step.state, Outcome::kInvalidSettings, command.sale);
  const bool changes_settings = command.patch->any() || !command.message;
  if (changes_settings) {
    if (auto reply = refuse_change(step.state, command, *sale)) return *reply;
    record(SaleChanged{command.sale, patched(sale->settings, *command.patch), command.cause}, step);
  }
  if (!command.message) return answer(step.state, Outcome::kDone, command.sale);
  // The key belongs to the request, which is remembered with its first event.
  Cause cause = command.cause;
  if (changes_settings) cause.idempotency = {};
  record(SaleAnnounced{command.sale, *command.message, std::move(cause)}, step);
  return answer(step.state, Outcome::kDone, command.sale);
}

Reply decide(const ActOnSale& command, Step& step) {
  if (auto reply = repeated_request(step.state, command.cause)) return *reply;
  const Sale* sale = step.state.find_sale(command.sale);
  if (sale == nullptr) return answer_not_kept(step.state, Outcome::kWrongState, command.sale);
  if (!has_terms(*sale, command.of_terms)) return answer(step.state, Outcome::kTermsChanged, command.sale);
  const auto to = target_of(command.action, *sale);
  if (!to) return answer(step.state, Outcome::kWrongState, command.sale);
  const std::optional<Beacon>& beacon = beacon_of(*sale);
  if (*to == SaleState::kScheduled && beacon && beacon->is_public(step.now)) {
    return answer(step.state, Outcome::kBeaconPassed, command.sale);
  }
  record(SaleMoved{command.sale, *to, command.cause}, step);
  if (*to == SaleState::kScheduled) on_sale_due(command.sale, step.now, step);
  return answer(step.state, Outcome::kDone, command.sale);
}

// Once for a draw. Nobody can know the value before its round is public, and by then the opening has fixed who takes
// part, or the sale is closed for good.
Reply decide(const GiveBeacon& command, Step& step) {
  ASSERT(!command.value.empty() && command.value.size() <= kDrawBeaconBytesMax);
  if (auto reply = repeated_request(step.state, command.cause)) return *reply;
  const Sale* sale = step.state.find_sale(command.sale);
  if (sale == nullptr) return answer_not_kept(step.state, Outcome::kWrongState, command.sale);
  const std::optional<Beacon>& beacon = beacon_of(*sale);
  if (!beacon) return answer(step.state, Outcome::kNoBeacon, command.sale);
  if (sale->draw->is_drawn() && !bug_planted(Bug::kSecondValueDrawsAgain)) {
    const bool is_same = as_text(sale->draw->value().bytes()) == command.value;
    return answer(step.state, is_same ? Outcome::kAlready : Outcome::kBeaconGiven, command.sale);
  }
  if (!beacon->is_public(step.now)) return answer(step.state, Outcome::kBeaconNotDue, command.sale);
  if (sale->state != SaleState::kOpen && sale->state != SaleState::kPaused) {
    return answer(step.state, Outcome::kWrongState, command.sale);
  }
  record(BeaconGiven{command.sale, command.value, command.cause}, step);
  record(Drawn{command.sale, sale->draw->drawn(), sale->draw->root()}, step);
  pause_for_review(command.sale, step);
  return answer(step.state, Outcome::kDone, command.sale);
}

}  // namespace doorbuster::sale
