// The reference's holds and payments.
#include <gtest/gtest.h>

#include <algorithm>

#include "sale/machine/model_test_reference.h"

namespace doorbuster::sale {
namespace {

bool takes_a_unit(HoldState state) {
  return state == HoldState::kHeld || state == HoldState::kPaying || state == HoldState::kSold;
}

}  // namespace

Reply Reference::hold_for(const Reserve& command, int entry) {
  if (const Outcome room = room_in(holds_, capacity_.holds, command.sale, command.kind); refused(room))
    return say(room, command.sale);
  const Annotations given = *beyond(command.annotations, annotations_of_entry(entry));
  if (!has_room_for(given, command.sale, command.kind)) return say(Outcome::kNoRoomToAnnotate, command.sale);
  EXPECT_TRUE(numbers_.hold.has_value());
  const HoldNumber number = numbers_.hold.value_or(HoldView{}).number;
  for (const Reservation& other : holds_) EXPECT_NE(other.number, number) << "a hold's number was given twice";
  const Settings& settings = sales_[command.sale.value()].settings;
  holds_.push_back({.number = number,
                    .sale = command.sale.value(),
                    .customer = command.customer,
                    .idempotency = command.idempotency,
                    .expires_at = now_ + Duration::seconds(settings.hold_seconds),
                    .entry = entry,
                    .annotations = given,
                    .kind = command.kind});
  const int index = static_cast<int>(holds_.size()) - 1;
  if (entry >= 0) {
    entries_[static_cast<size_t>(entry)].state = EntryState::kHolding;
    entries_[static_cast<size_t>(entry)].hold = index;
    ++sales_[command.sale.value()].claims;
  }
  note_moments(command.sale.value());
  return say_hold(Outcome::kDone, index);
}

Outcome Reference::room_beside(const Taken& taken, uint64_t capacity, CustomerKind kind, uint64_t wanted) const {
  const uint64_t part = (capacity - taken.others) * capacity_.sale_share_percent / 100;
  const uint64_t guests = capacity * capacity_.guest_share_percent / 100;
  const uint64_t part_of_guests =
      guests > taken.others_guests ? (guests - taken.others_guests) * capacity_.sale_share_percent / 100 : 0;
  const bool is_guest = kind == CustomerKind::kGuest;
  if (is_guest && taken.own_guests + wanted > part_of_guests) return Outcome::kGuestShareTaken;
  if (is_guest && taken.own_guests + wanted > part * capacity_.guest_share_percent / 100)
    return Outcome::kGuestShareTaken;
  if (taken.own + wanted <= part) return Outcome::kDone;
  const uint64_t own_of_shop = taken.own - taken.own_guests;
  const uint64_t free_of_shop = capacity - taken.others - taken.own_guests;
  const bool is_reserved = own_of_shop + wanted <= part * (100 - capacity_.guest_share_percent) / 100 &&
                           own_of_shop + wanted <= free_of_shop * capacity_.sale_share_percent / 100;
  return is_reserved && !is_guest ? Outcome::kDone : Outcome::kSaleShareTaken;
}

bool Reference::has_room_for(const Annotations& annotations, SaleNumber sale, CustomerKind kind) const {
  if (annotations.empty()) return true;
  Taken taken;
  const auto bytes = [](const auto& record) { return AnnotationTable::bytes_of(record.annotations); };
  taken.add_all<Reservation>(holds_, sale, bytes);
  taken.add_all<Visitor>(entries_, sale, bytes);
  return room_beside(taken, capacity_.annotation_bytes, kind, AnnotationTable::bytes_of(annotations)) == Outcome::kDone;
}

Reply Reference::on(const Reserve& command) {
  if (command.sale.value() >= sales_.size()) return say(Outcome::kNotFound, command.sale);
  if (is_archived(command.sale)) return say(Outcome::kSaleClosed, command.sale);
  const uint32_t number = command.sale.value();
  const Offering& sale = sales_[number];
  for (int i = static_cast<int>(holds_.size()) - 1; i >= 0 && command.idempotency.key != 0; --i) {
    const Reservation& hold = holds_[static_cast<size_t>(i)];
    const bool is_own = !hold.forgotten && hold.sale == number && hold.customer == command.customer;
    if (!is_own || hold.idempotency.key != command.idempotency.key) continue;
    return say_hold(hold.idempotency == command.idempotency ? Outcome::kAlready : Outcome::kKeyReused, i);
  }
  if (!sale.published) return say(Outcome::kNotFound, command.sale);
  if (sale.state == SaleState::kPaused) return say(Outcome::kSalePaused, command.sale);
  if (sale.state == SaleState::kClosed) return say(Outcome::kSaleClosed, command.sale);
  if (sale.state != SaleState::kOpen) return say(Outcome::kSaleNotOpen, command.sale);
  if (units_of(command.sale, command.customer) >= sale.settings.per_customer) {
    return say_hold(Outcome::kOnePerCustomer, newest_hold(command.sale, command.customer));
  }
  if (sale.settings.queue == QueueKind::kNone) {
    if (available(number) > 0) return hold_for(command, -1);
    Reply reply = say(Outcome::kSoldOut, command.sale);
    reply.units = count(number, HoldState::kHeld) + count(number, HoldState::kPaying);
    return reply;
  }
  const int entry = newest_entry(command.sale, command.customer);
  if (entry < 0) {
    const bool is_sold = count(number, HoldState::kSold) == sale.settings.units;
    return say(is_sold ? Outcome::kSoldOut : Outcome::kNotYourTurn, command.sale);
  }
  end_sale_of_offer(entry);
  if (sale.state == SaleState::kClosed) return say(Outcome::kSaleClosed, command.sale);
  const EntryState state = entries_[static_cast<size_t>(entry)].state;
  if (state == EntryState::kOffered) return hold_for(command, entry);
  return say_entry(state == EntryState::kRemoved ? Outcome::kRemoved : Outcome::kNotYourTurn, entry);
}

void Reference::end_hold(Reservation& hold, HoldState to) {
  EXPECT_TRUE(hold.state == HoldState::kHeld || hold.state == HoldState::kPaying);
  hold.state = to;
  if (hold.attempts == 0) hold.expires_at = std::min(hold.expires_at, now_);
  if (hold.entry < 0) return;
  Visitor& entry = entries_[static_cast<size_t>(hold.entry)];
  entry.state = to == HoldState::kExpired ? EntryState::kLapsed : EntryState::kLeft;
  entry.claim_until = now_;
}

Reply Reference::on(const Release& command) {
  const int index = find(command.hold);
  if (!command.customer) {
    if (auto reply = repeated(command.cause.idempotency)) return index < 0 ? *reply : say_hold(reply->outcome, index);
  }
  if (index < 0) return say(Outcome::kNotFound, {});
  Reservation& hold = holds_[static_cast<size_t>(index)];
  if (command.customer && *command.customer != hold.customer) return say(Outcome::kNotFound, {});
  if (hold.state == HoldState::kReleased) return say_hold(Outcome::kAlready, index);
  if (hold.state == HoldState::kExpired) return say_hold(Outcome::kExpired, index);
  if (hold.state == HoldState::kPaying) return say_hold(Outcome::kPaymentInFlight, index);
  if (hold.state == HoldState::kSold) return say_hold(Outcome::kAlreadySold, index);
  end_hold(hold, HoldState::kReleased);
  if (!command.customer) remember(command.cause, SaleNumber(hold.sale));
  return say_hold(Outcome::kDone, index);
}

Reply Reference::on(const StartPayment& command) {
  const int index = find(command.hold);
  if (index < 0) return say(Outcome::kNotFound, {});
  Reservation& hold = holds_[static_cast<size_t>(index)];
  if (command.customer != hold.customer) return say(Outcome::kNotFound, {});
  if (is_pass(hold.sale)) return say_hold(Outcome::kNothingToPay, index);
  for (const Idempotency& payment : hold.payments) {
    if (payment.key == 0 || payment.key != command.idempotency.key) continue;
    return say_hold(payment == command.idempotency ? Outcome::kAlready : Outcome::kKeyReused, index);
  }
  if (hold.state == HoldState::kReleased) return say_hold(Outcome::kReleased, index);
  if (hold.state == HoldState::kExpired) return say_hold(Outcome::kExpired, index);
  if (hold.state != HoldState::kHeld) return say_hold(Outcome::kAlready, index);
  const auto is_abandoned = [&](const Reservation& other) {
    const bool is_theirs = other.sale == hold.sale && other.customer == hold.customer;
    return is_theirs && !other.forgotten && is_over(other) && other.attempts > 0;
  };
  if (hold.attempts == kMaxPaymentAttempts || std::count_if(holds_.begin(), holds_.end(), is_abandoned) >= 8) {
    return say_hold(Outcome::kTooManyAttempts, index);
  }
  ++hold.attempts;
  hold.payments.push_back(command.idempotency);
  hold.state = HoldState::kPaying;
  if (hold.entry >= 0) entries_[static_cast<size_t>(hold.entry)].state = EntryState::kPaying;
  return say_hold(Outcome::kDone, index);
}

Reply Reference::on(const SettlePayment& command) {
  const int index = find(command.hold);
  const bool is_money = command.result == PaymentResult::kSucceeded;
  if (index < 0) {
    const int forgotten = find_forgotten(command.hold);
    if (forgotten < 0 || !is_money || command.attempt < 1 || command.attempt > kMaxPaymentAttempts)
      return say(Outcome::kNotFound, {});
    Reservation& hold = holds_[static_cast<size_t>(forgotten)];
    const bool is_told = is_archived(SaleNumber(hold.sale)) ? command.is_unknown_to_archive : !is_pass(hold.sale);
    if (!is_told) return say(Outcome::kNotFound, {});
    const std::pair key(command.attempt, command.reference);
    const bool is_new = hold.unexpected.try_emplace(key, MoneyState::kDue).second;
    if (is_new) hold.paid[key] = command.paid;
    return say(is_new ? Outcome::kDone : Outcome::kAlready, SaleNumber(hold.sale));
  }
  Reservation& hold = holds_[static_cast<size_t>(index)];
  const uint8_t attempt = command.attempt;
  if (attempt < 1 || attempt > hold.attempts) return say(Outcome::kNotFound, {});
  if (is_money) return take_money(command, index);
  if (hold.succeeded.contains(attempt) || hold.failed.contains(attempt)) return say_hold(Outcome::kAlready, index);
  fail_attempt(hold, attempt);
  return say_hold(Outcome::kDone, index);
}

Reply Reference::take_money(const SettlePayment& command, int index) {
  Reservation& hold = holds_[static_cast<size_t>(index)];
  const uint8_t attempt = command.attempt;
  const std::pair key(attempt, command.reference);
  if (hold.unexpected.contains(key) || hold.bought_with == key) return say_hold(Outcome::kAlready, index);
  const bool lives = hold.state == HoldState::kHeld || hold.state == HoldState::kPaying;
  hold.paid[key] = command.paid;
  if (command.paid != sales_[hold.sale].settings.price.value_or(Money{0, Currency("XXX")})) {
    hold.unexpected[key] = MoneyState::kDue;
    if (lives && !hold.failed.contains(attempt)) fail_attempt(hold, attempt);
    return say_hold(Outcome::kDone, index);
  }
  if (!hold.succeeded.insert(attempt).second) {
    hold.unexpected[key] = MoneyState::kDue;
    return say_hold(Outcome::kDone, index);
  }
  if (!lives) {
    hold.unexpected[key] = MoneyState::kByAttempt;
    return say_hold(Outcome::kDone, index);
  }
  hold.bought_with = key;
  hold.state = HoldState::kSold;
  hold.sold_by = attempt;
  if (hold.entry >= 0) entries_[static_cast<size_t>(hold.entry)].state = EntryState::kBought;
  note_moments(hold.sale);
  return say_hold(Outcome::kDone, index);
}

void Reference::fail_attempt(Reservation& hold, uint8_t attempt) {
  hold.failed.insert(attempt);
  if (hold.state != HoldState::kPaying || attempt != hold.attempts) return;
  hold.state = HoldState::kHeld;
  if (hold.entry >= 0) entries_[static_cast<size_t>(hold.entry)].state = EntryState::kHolding;
  if (now_ >= hold.expires_at) end_hold(hold, HoldState::kExpired);
}

Reply Reference::on(const SettleRefund& command) {
  const int index = find(command.hold);
  const int any = index < 0 ? find_forgotten(command.hold) : index;
  if (any < 0) return say(Outcome::kNotFound, {});
  Reservation& hold = holds_[static_cast<size_t>(any)];
  const auto answer = [&](Outcome outcome) {
    return index < 0 ? say(outcome, SaleNumber(hold.sale)) : say_hold(outcome, index);
  };
  const auto money = hold.unexpected.find({command.attempt, command.reference});
  if (money != hold.unexpected.end() && money->second != MoneyState::kByAttempt) {
    if (money->second == MoneyState::kReturned) return answer(Outcome::kAlready);
    if (command.amount && *command.amount != hold.paid[money->first]) return answer(Outcome::kWrongState);
    money->second = MoneyState::kReturned;
    return answer(Outcome::kDone);
  }
  if (index < 0 || command.attempt < 1 || command.attempt > hold.attempts) return say(Outcome::kNotFound, {});
  if (hold.refunded.contains(command.attempt)) return say_hold(Outcome::kAlready, index);
  const Money price = sales_[hold.sale].settings.price.value_or(Money{0, Currency("XXX")});
  if (!due_refunds(hold).contains(command.attempt) || command.amount.value_or(price) != price)
    return say_hold(Outcome::kWrongState, index);
  hold.refunded.insert(command.attempt);
  return say_hold(Outcome::kDone, index);
}

Reply Reference::on(const LookUpHold& command) {
  const int index = find(command.hold);
  const bool is_own =
      index >= 0 && (!command.customer || holds_[static_cast<size_t>(index)].customer == *command.customer);
  return is_own ? say_hold(Outcome::kDone, index) : say(Outcome::kNotFound, {});
}

bool Reference::is_over(const Reservation& hold) {
  return hold.state == HoldState::kReleased || hold.state == HoldState::kExpired;
}

// The entry of a visit is forgotten with it.
void Reference::forget(Reservation& hold) {
  hold.forgotten = true;
  if (is_pass(hold.sale)) entries_[static_cast<size_t>(hold.entry)].forgotten = true;
}

// Of those without a payment each customer's eight newest in each sale are kept.
void Reference::forget_surplus() {
  std::map<std::pair<uint32_t, CustomerHash>, int> newer;
  for (auto hold = holds_.rbegin(); hold != holds_.rend(); ++hold) {
    if (hold->forgotten || !is_over(*hold) || hold->attempts > 0) continue;
    if (newer[{hold->sale, hold->customer}]++ >= 8) forget(*hold);
  }
}

int Reference::find(HoldNumber number) const {
  for (size_t i = 0; i < holds_.size(); ++i) {
    if (!holds_[i].forgotten && holds_[i].number == number) return static_cast<int>(i);
  }
  return -1;
}

int Reference::find_forgotten(HoldNumber number) const {
  for (size_t i = 0; i < holds_.size(); ++i) {
    if (holds_[i].forgotten && holds_[i].number == number) return static_cast<int>(i);
  }
  return -1;
}

int Reference::newest_hold(SaleNumber sale, const CustomerHash& customer) const {
  int newest = -1;
  for (size_t i = 0; i < holds_.size(); ++i) {
    const Reservation& hold = holds_[i];
    if (!hold.forgotten && hold.sale == sale.value() && hold.customer == customer) newest = static_cast<int>(i);
  }
  return newest;
}

uint32_t Reference::units_of(SaleNumber sale, const CustomerHash& customer) const {
  return static_cast<uint32_t>(std::count_if(holds_.begin(), holds_.end(), [&](const Reservation& hold) {
    return hold.sale == sale.value() && hold.customer == customer && takes_a_unit(hold.state);
  }));
}

uint32_t Reference::count(uint32_t sale, HoldState state) const {
  return static_cast<uint32_t>(std::count_if(
      holds_.begin(), holds_.end(), [&](const Reservation& hold) { return hold.sale == sale && hold.state == state; }));
}

uint32_t Reference::count(uint32_t sale, EntryState state) const {
  return static_cast<uint32_t>(std::count_if(entries_.begin(), entries_.end(), [&](const Visitor& entry) {
    return entry.sale == sale && state_of(entry) == state;
  }));
}

uint32_t Reference::available(uint32_t sale) const {
  const uint32_t taken = count(sale, HoldState::kHeld) + count(sale, HoldState::kPaying) +
                         count(sale, HoldState::kSold) + count(sale, EntryState::kOffered);
  EXPECT_LE(taken, sales_[sale].settings.units);
  return sales_[sale].settings.units - taken;
}

std::set<uint8_t> Reference::due_refunds(const Reservation& hold) const {
  std::set<uint8_t> due = hold.succeeded;
  due.erase(hold.sold_by);
  for (const uint8_t attempt : hold.refunded) due.erase(attempt);
  return due;
}

}  // namespace doorbuster::sale
