// The reference's decisions. Its sense of time is in model_reference_time_test.cc.
#include <gtest/gtest.h>

#include <algorithm>

#include "sale/machine/model_test_reference.h"

namespace doorbuster::sale {

Reply Reference::decide(const Command& command, Timestamp now, const Reply& numbers) {
  now_ = now;
  numbers_ = numbers;
  Reply reply = std::visit([&](const auto& what) { return on(what); }, command);
  move_lines();
  if (reply.entry && reply.entry->state == EntryState::kWaiting)
    reply = say_entry(reply.outcome, find(reply.entry->number));
  forget_surplus();
  sweep_if_crowded(now_);
  return reply;
}

Reply Reference::say(Outcome outcome, SaleNumber sale) const {
  Reply reply{.outcome = outcome, .sale = sale};
  if (sale.value() < sales_.size()) reply.sale_state = sales_[sale.value()].state;
  return reply;
}

Reply Reference::say_hold(Outcome outcome, int index) const {
  const Reservation& hold = holds_[static_cast<size_t>(index)];
  Reply reply = say(outcome, SaleNumber(hold.sale));
  const auto has_any = [&](MoneyState state) {
    return std::ranges::any_of(hold.unexpected, [&](const auto& money) { return money.second == state; });
  };
  const bool due = !due_refunds(hold).empty() || has_any(MoneyState::kDue);
  const bool is_paid_back = !hold.refunded.empty() || has_any(MoneyState::kReturned);
  const RefundState paid_back = is_paid_back ? RefundState::kDone : RefundState::kNone;
  reply.hold = HoldView{.number = hold.number,
                        .sale = SaleNumber(hold.sale),
                        .state = hold.state,
                        .expires_at = hold.expires_at,
                        .attempts = hold.attempts,
                        .refund = due ? RefundState::kDue : paid_back};
  reply.annotations = merged(hold.annotations, annotations_of_entry(hold.entry));
  return reply;
}

Reply Reference::say_entry(Outcome outcome, int index) const {
  const Visitor& entry = entries_[static_cast<size_t>(index)];
  Reply reply = say(outcome, SaleNumber(entry.sale));
  reply.entry = EntryView{.number = entry.number,
                          .sale = SaleNumber(entry.sale),
                          .state = state_of(entry),
                          .position = position_of(entry),
                          .arrival = entry.arrival,
                          .people_ahead = 0,
                          .claim_until = end_of_claim(entry),
                          .delayed_until = is_delayed(entry) ? placement_due(entry) : Timestamp()};
  const auto is_ahead = [&](const Visitor& other) {
    return other.sale == entry.sale && state_of(other) == EntryState::kWaiting && position_of(other) > 0 &&
           position_of(other) < position_of(entry);
  };
  if (state_of(entry) == EntryState::kWaiting) {
    reply.entry->people_ahead = static_cast<uint32_t>(std::count_if(entries_.begin(), entries_.end(), is_ahead));
  }
  if (entry.hold >= 0 && !holds_[static_cast<size_t>(entry.hold)].forgotten) {
    reply.entry->hold = holds_[static_cast<size_t>(entry.hold)].number;
  }
  reply.annotations = entry.annotations;
  return reply;
}

std::optional<Reply> Reference::repeated(const Idempotency& asked) const {
  for (const Request& request : requests_) {
    if (asked.key == 0 || request.idempotency.key != asked.key) continue;
    return say(request.idempotency == asked ? Outcome::kAlready : Outcome::kKeyReused, request.sale);
  }
  return std::nullopt;
}

void Reference::remember(const Cause& cause, SaleNumber sale) {
  if (cause.idempotency.key == 0) return;
  requests_.push_back({cause.idempotency, sale});
  if (requests_.size() > capacity_.operator_keys) requests_.pop_front();
}

Reply Reference::on(const CreateSale& command) {
  if (auto reply = repeated(command.cause.idempotency)) return *reply;
  for (uint32_t sale = 0; sale < sales_.size(); ++sale) {
    if (sales_[sale].settings.id == command.settings->id) return say(Outcome::kIdTaken, SaleNumber(sale));
  }
  const auto beacon = command.beacon ? std::optional(*command.beacon) : std::nullopt;
  if (!error_in(*command.settings, beacon).empty()) return say(Outcome::kInvalidSettings, {});
  if (has_passed(beacon)) return say(Outcome::kBeaconPassed, {});
  const auto archived = static_cast<size_t>(std::ranges::count_if(sales_, &Offering::archived));
  if (sales_.size() - archived == capacity_.sales) return say(Outcome::kLimitReached, {});
  const SaleNumber number(sale_count());
  sales_.push_back({.settings = *command.settings, .state = command.draft ? SaleState::kDraft : SaleState::kScheduled});
  sales_.back().published = !command.draft;
  sales_.back().secret = command.draw_secret;
  sales_.back().beacon = beacon;
  remember(command.cause, number);
  move_by_time(number.value());
  return say(Outcome::kDone, number);
}

Reply Reference::on(const ChangeSale& command) {
  if (auto reply = repeated(command.cause.idempotency)) return *reply;
  if (command.sale.value() >= sales_.size()) return say(Outcome::kNotFound, command.sale);
  if (is_archived(command.sale)) return say(Outcome::kWrongState, command.sale);
  if (!has_terms(command.sale, command.of_terms)) return say(Outcome::kTermsChanged, command.sale);
  if (command.message.value_or("").find('\t') != std::string::npos) return say(Outcome::kInvalidSettings, command.sale);
  if (!command.message || command.patch->any()) {
    const Reply changed = change_settings(command);
    if (changed.outcome != Outcome::kDone) return changed;
  }
  if (command.message) sales_[command.sale.value()].message = *command.message;
  remember(command.cause, command.sale);
  return say(Outcome::kDone, command.sale);
}

Reply Reference::change_settings(const ChangeSale& command) {
  Offering& sale = sales_[command.sale.value()];
  const Settings before = sale.settings;
  const SettingsPatch& patch = *command.patch;
  const bool opened = sale.state == SaleState::kOpen || sale.state == SaleState::kPaused;
  const bool has_places = before.queue != QueueKind::kDraw || sale.is_drawn;
  const bool rewrites = patch.opens_at || patch.prequeue_opens_at || patch.price || patch.payment_grace_seconds ||
                        (patch.review && has_places) || patch.per_customer.value_or(UINT32_MAX) < before.per_customer;
  if (sale.state == SaleState::kClosed || (opened && rewrites)) return say(Outcome::kWrongState, command.sale);
  const Settings after = patched(before, patch);
  if (!error_in(after, sale.beacon).empty()) return say(Outcome::kInvalidSettings, command.sale);
  if (after.units + available(command.sale.value()) < before.units) {
    Reply reply = say(Outcome::kUnitsInUse, command.sale);
    reply.units = available(command.sale.value());
    return reply;
  }
  if (after.outflow_per_minute != before.outflow_per_minute) {
    const int64_t rate = before.outflow_per_minute.value_or(1);
    sale.pace_from = sale.pace_from + Duration::micros(sale.paced_offers * 60'000'000 / rate);
    sale.paced_offers = 0;
    if (!after.outflow_per_minute) sale.given_back.clear();
  }
  sale.settings = after;
  if (after.units > before.units) sale.all_held_at = sale.all_sold_at = std::nullopt;
  note_moments(command.sale.value());
  return say(Outcome::kDone, command.sale);
}

Reply Reference::on(const ActOnSale& command) {
  if (auto reply = repeated(command.cause.idempotency)) return *reply;
  if (command.sale.value() >= sales_.size()) return say(Outcome::kNotFound, command.sale);
  if (is_archived(command.sale)) return say(Outcome::kWrongState, command.sale);
  if (!has_terms(command.sale, command.of_terms)) return say(Outcome::kTermsChanged, command.sale);
  const SaleState from = sales_[command.sale.value()].state;
  const bool fits = (command.action == SaleAction::kPublish && from == SaleState::kDraft) ||
                    (command.action == SaleAction::kPause && from == SaleState::kOpen) ||
                    (command.action == SaleAction::kResume && from == SaleState::kPaused) ||
                    (command.action == SaleAction::kClose && from != SaleState::kClosed);
  if (!fits) return say(Outcome::kWrongState, command.sale);
  const bool publishes = command.action == SaleAction::kPublish;
  if (publishes && has_passed(sales_[command.sale.value()].beacon)) return say(Outcome::kBeaconPassed, command.sale);
  static constexpr SaleState kTargets[] = {SaleState::kScheduled, SaleState::kPaused, SaleState::kOpen,
                                           SaleState::kClosed};
  move(command.sale.value(), kTargets[static_cast<size_t>(command.action)]);
  remember(command.cause, command.sale);
  if (command.action == SaleAction::kPublish) move_by_time(command.sale.value());
  return say(Outcome::kDone, command.sale);
}

Reply Reference::on(const Join& command) {
  if (command.sale.value() >= sales_.size()) return say(Outcome::kNotFound, command.sale);
  if (is_archived(command.sale)) return say(Outcome::kSaleClosed, command.sale);
  Offering& sale = sales_[command.sale.value()];
  if (!sale.published) return say(Outcome::kNotFound, command.sale);
  if (sale.settings.queue == QueueKind::kNone) return say(Outcome::kNoQueue, command.sale);
  const int newest = newest_entry(command.sale, command.customer);
  if (newest >= 0) end_sale_of_offer(newest);
  for (int i = static_cast<int>(entries_.size()) - 1; i >= 0 && command.idempotency.key != 0; --i) {
    const Visitor& entry = entries_[static_cast<size_t>(i)];
    const bool is_own = !entry.forgotten && entry.sale == command.sale.value() && entry.customer == command.customer;
    if (!is_own || entry.idempotency.key != command.idempotency.key) continue;
    return say_entry(entry.idempotency == command.idempotency ? Outcome::kAlready : Outcome::kKeyReused, i);
  }
  if (newest >= 0) {
    const EntryState state = state_of(entries_[static_cast<size_t>(newest)]);
    if (state == EntryState::kRemoved) return say_entry(Outcome::kRemoved, newest);
    static const std::set kInProgress = {EntryState::kWaiting, EntryState::kOffered, EntryState::kHolding,
                                         EntryState::kPaying};
    if (kInProgress.contains(state)) return say_entry(Outcome::kAlready, newest);
  }
  if (sale.state == SaleState::kClosed) return say(Outcome::kSaleClosed, command.sale);
  if (sale.state == SaleState::kScheduled) return say(Outcome::kSaleNotOpen, command.sale);
  if (units_of(command.sale, command.customer) >= sale.settings.per_customer) {
    return say_hold(Outcome::kOnePerCustomer, newest_hold(command.sale, command.customer));
  }
  const auto is_abandoned = [&](const Visitor& entry) {
    const bool is_theirs = entry.sale == command.sale.value() && entry.customer == command.customer;
    const bool was_inside = is_pass(entry.sale) && entry.hold >= 0;
    return is_theirs && !entry.forgotten && !was_inside &&
           (entry.state == EntryState::kLapsed || entry.state == EntryState::kLeft);
  };
  if (std::count_if(entries_.begin(), entries_.end(), is_abandoned) >= 16)
    return say_entry(Outcome::kTooManyEntries, newest);
  if (const Outcome room = room_in(entries_, capacity_.entries, command.sale, command.kind); refused(room))
    return say(room, command.sale);
  if (!has_room_for(*command.annotations, command.sale, command.kind))
    return say(Outcome::kNoRoomToAnnotate, command.sale);
  EXPECT_TRUE(numbers_.entry.has_value());
  const EntryNumber number = numbers_.entry.value_or(EntryView{}).number;
  for (const Visitor& other : entries_) EXPECT_NE(other.number, number) << "an entry's number was given twice";
  entries_.push_back({.number = number,
                      .sale = command.sale.value(),
                      .customer = command.customer,
                      .idempotency = command.idempotency,
                      .arrival = 0,
                      .annotations = *command.annotations,
                      .kind = command.kind});
  const bool is_early = sale.settings.queue == QueueKind::kDraw && !sale.is_closed;
  if (command.assessment.is_delayed) {
    if (!is_early) entries_.back().claim_until = Timestamp::from_micros((now_.micros() / 60'000'000 + 1) * 60'000'000);
    return say_entry(Outcome::kDone, static_cast<int>(entries_.size()) - 1);
  }
  entries_.back().arrival = ++sale.last_position;
  if (is_early) {
    const auto id = plain_entry_name(command.sale, number);
    sale.leaves.push_back(draw_leaf(sale.leaves.size(), {id.data(), id.size()}, as_bytes(command.nonce)));
  }
  return say_entry(Outcome::kDone, static_cast<int>(entries_.size()) - 1);
}

Reply Reference::on(const Leave& command) {
  const int index = find(command.entry);
  if (index < 0 || entries_[static_cast<size_t>(index)].customer != command.customer)
    return say(Outcome::kNotFound, {});
  end_sale_of_offer(index);
  Visitor& entry = entries_[static_cast<size_t>(index)];
  const EntryState state = state_of(entry);
  if (state == EntryState::kHolding || state == EntryState::kPaying || state == EntryState::kBought) {
    return say_entry(Outcome::kWrongState, index);
  }
  if (state != EntryState::kWaiting && state != EntryState::kOffered) return say_entry(Outcome::kAlready, index);
  withdraw(entry, EntryState::kLeft);
  return say_entry(Outcome::kDone, index);
}

Reply Reference::on(const RemoveEntry& command) {
  const int index = find(command.entry);
  if (auto reply = repeated(command.cause.idempotency)) return index < 0 ? *reply : say_entry(reply->outcome, index);
  if (index < 0) return say(Outcome::kNotFound, {});
  end_sale_of_offer(index);
  Visitor& entry = entries_[static_cast<size_t>(index)];
  const EntryState state = state_of(entry);
  if (state == EntryState::kRemoved) return say_entry(Outcome::kAlready, index);
  if (state != EntryState::kWaiting && state != EntryState::kOffered) return say_entry(Outcome::kWrongState, index);
  withdraw(entry, EntryState::kRemoved);
  remember(command.cause, SaleNumber(entry.sale));
  return say_entry(Outcome::kDone, index);
}

Reply Reference::on(const LookUpEntry& command) {
  const int index = find(command.entry);
  const bool is_own =
      index >= 0 && (!command.customer || entries_[static_cast<size_t>(index)].customer == *command.customer);
  if (!is_own) return say(Outcome::kNotFound, {});
  end_sale_of_offer(index);
  return say_entry(Outcome::kDone, index);
}

int Reference::find(EntryNumber number) const {
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (!entries_[i].forgotten && entries_[i].number == number) return static_cast<int>(i);
  }
  return -1;
}

int Reference::newest_entry(SaleNumber sale, const CustomerHash& customer) const {
  int newest = -1;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Visitor& entry = entries_[i];
    if (!entry.forgotten && entry.sale == sale.value() && entry.customer == customer) newest = static_cast<int>(i);
  }
  return newest;
}

uint32_t Reference::position_of(const Visitor& entry) const {
  const Offering& sale = sales_[entry.sale];
  if (sale.settings.queue != QueueKind::kDraw) return entry.arrival;
  if (!sale.is_drawn || entry.arrival == 0) return 0;
  return entry.arrival <= sale.places.size() ? sale.places[entry.arrival - 1] : entry.arrival;
}

// RFC 6962 section 2.1, as it is defined.
Digest Reference::root_of(std::span<const Digest> leaves) {
  if (leaves.size() < 2) return leaves.empty() ? sha256(Bytes()) : leaves[0];
  size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  return merkle_node(root_of(leaves.first(split)), root_of(leaves.subspan(split)));
}

std::string Reference::error_in(const Settings& settings, const std::optional<Beacon>& beacon) {
  return validate(settings, beacon);
}

bool Reference::has_passed(const std::optional<Beacon>& beacon) const { return beacon && now_ >= beacon->published_at; }

Reply Reference::on(const GiveBeacon& command) {
  if (auto reply = repeated(command.cause.idempotency)) return *reply;
  if (command.sale.value() >= sales_.size()) return say(Outcome::kNotFound, command.sale);
  if (is_archived(command.sale)) return say(Outcome::kWrongState, command.sale);
  Offering& sale = sales_[command.sale.value()];
  if (!sale.beacon) return say(Outcome::kNoBeacon, command.sale);
  if (sale.is_drawn) return say(sale.value == command.value ? Outcome::kAlready : Outcome::kBeaconGiven, command.sale);
  if (!has_passed(sale.beacon)) return say(Outcome::kBeaconNotDue, command.sale);
  const bool is_open = sale.state == SaleState::kOpen || sale.state == SaleState::kPaused;
  if (!is_open) return say(Outcome::kWrongState, command.sale);
  sale.value = command.value;
  draw(sale);
  if (sale.settings.entry_rules.review) sale.state = SaleState::kPaused;
  remember(command.cause, command.sale);
  return say(Outcome::kDone, command.sale);
}

void Reference::draw(Offering& sale) {
  const uint64_t count = sale.leaves.size();
  const Digest key = draw_key(sale.secret, root_of(sale.leaves), count, as_bytes(sale.value));
  const DrawPermutation permutation(key, count);
  for (uint64_t i = 0; i < count; ++i) sale.places.push_back(static_cast<uint32_t>(permutation.position_of(i)) + 1);
  sale.is_drawn = true;
}

EntryState Reference::state_of(const Visitor& entry) const {
  const bool in_line = entry.state == EntryState::kWaiting || entry.state == EntryState::kOffered;
  return in_line && sales_[entry.sale].state == SaleState::kClosed ? EntryState::kMissed : entry.state;
}

}  // namespace doorbuster::sale
