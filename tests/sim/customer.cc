#include "sim/customer.h"

namespace doorbuster::sim {

void Customer::soon(int64_t least_seconds, int64_t most_seconds, void (Customer::*act)()) {
  shop_.site.events.in(shop_.site.seconds_from_to(least_seconds, most_seconds), [this, act] {
    if (!shop_.site.calm) (this->*act)();
  });
}

void Customer::arrive() {
  if (patience_ == 0) return;
  --patience_;
  if (!shop_.sales[sale_]) return soon(1, 8, &Customer::arrive);
  if (settings().queue != sale::QueueKind::kNone && !chance(20)) return join();
  reserve();
}

Annotations Customer::some_annotations() const {
  Annotations annotations;
  const uint32_t kind = (number_ + keys_) % 4;
  if (kind != 0) annotations.client_reference = reference_of(number_) + std::to_string(keys_);
  if (kind == 2) annotations.metadata = R"({"who":")" + std::to_string(number_) + R"("})";
  return annotations;
}

void Customer::join() {
  const sale::Idempotency key = fresh_key();
  shop_.clients.ask({.make =
                         [this, key, who = hash_, annotations = some_annotations()] {
                           return sale::Join{*shop_.sales[sale_], who, key, "nonce of " + std::to_string(number_),
                                             annotations};
                         },
                     .done = [this](const Heard& reply) { joined(reply); },
                     .gave_up = [this] { soon(1, 20, &Customer::arrive); }});
}

void Customer::joined(const Heard& reply) {
  if (reply.guest) hash_ = *reply.guest;
  if (!reply.entry || reply.outcome == sale::Outcome::kTooManyEntries) return soon(2, 15, &Customer::arrive);
  entry_ = reply.entry->number;
  shop_.known_entries.push_back(*entry_);
  // Every other one watches, and so does who comes again for an entry that is over.
  if (number_ % 2 == 0 && settings().queue != sale::QueueKind::kPass) return watch_entry();
  saw_entry(*reply.entry);
}

void Customer::watch_entry() {
  const sale::EntryNumber entry = *(watched_ = entry_);
  shop_.watchers.watch({.entry = entry,
                        .customer = hash_,
                        .heard =
                            [this, entry](sale::EntryState state) {
                              if (watched_ == entry) heard_of_entry(state);
                            },
                        .lost = [this] { soon(1, 20, &Customer::arrive); }});
}

void Customer::heard_of_entry(sale::EntryState state) {
  switch (state) {
    case sale::EntryState::kWaiting:
      if (!chance(is_fickle_ ? 3 : 25)) return;
      watched_.reset();
      return leave();
    case sale::EntryState::kOffered:
      if (chance(8)) return;
      watched_.reset();
      return reserve();
    case sale::EntryState::kLapsed:
    case sale::EntryState::kLeft:
      watched_.reset();
      return come_again(20);
    default:
      return;
  }
}

void Customer::look_at_entry() {
  shop_.clients.ask({.make = [entry = *entry_, who = hash_] { return sale::LookUpEntry{entry, who}; },
                     .done =
                         [this](const Heard& reply) {
                           if (reply.entry) saw_entry(*reply.entry);
                         },
                     .gave_up = [this] { soon(1, 5, &Customer::look_at_entry); }});
}

void Customer::saw_entry(const sale::EntryView& entry) {
  switch (entry.state) {
    case sale::EntryState::kWaiting:
      return chance(is_fickle_ ? 3 : 25) ? leave() : soon(1, 6, &Customer::look_at_entry);
    case sale::EntryState::kOffered:
      return chance(8) ? soon(5, 60, &Customer::look_at_entry) : reserve();
    case sale::EntryState::kLapsed:
    case sale::EntryState::kLeft:
      return come_again(20);
    default:
      return;
  }
}

void Customer::leave() {
  shop_.clients.ask(
      {.make = [this] { return sale::Leave{*entry_, hash_}; }, .done = [this](const Heard&) { come_again(20); }});
}

void Customer::reserve() {
  reserve_key_ = chance(10) ? sale::Idempotency{} : fresh_key();
  reserve_annotations_ = number_ % 3 == 0 ? Annotations{} : some_annotations();
  repeat_reserve();
}

void Customer::repeat_reserve() {
  const sale::Idempotency key = reserve_key_;
  shop_.clients.ask({.make =
                         [this, key, who = hash_, annotations = reserve_annotations_] {
                           return sale::Reserve{*shop_.sales[sale_], who, key, annotations};
                         },
                     .done = [this](const Heard& reply) { reserved(reply); },
                     .gave_up = [this] { soon(1, 30, &Customer::arrive); }});
}

void Customer::reserved(const Heard& reply) {
  if (reply.guest) hash_ = *reply.guest;
  if (!reply.hold || reply.hold->state != sale::HoldState::kHeld) return soon(1, 12, &Customer::arrive);
  hold_ = reply.hold->number;
  shop_.known_holds.push_back(*hold_);
  if (ServerKeys::get().is_guest(hash_)) shop_.guests_holds.emplace_back(*hold_, hash_);
  if (chance(4) && reserve_key_.key != 0) return soon(0, 5, &Customer::repeat_reserve);
  if (chance(12)) soon(0, 10, &Customer::steal);
  if (chance(6)) soon(0, 10, &Customer::forge);
  if (settings().per_customer > 1 && chance(2)) soon(1, 30, &Customer::arrive);
  soon(0, is_fickle_ ? 2 : static_cast<int64_t>(settings().hold_seconds / 2), &Customer::decide_about_hold);
}

void Customer::come_again(int64_t most_seconds) {
  soon(is_fickle_ ? 0 : 1, is_fickle_ ? 2 : most_seconds, &Customer::arrive);
}

void Customer::decide_about_hold() {
  if (is_fickle_ && !chance(12)) return release();
  const uint64_t mood = shop_.site.random.below(20);
  if (mood < 3) return release();
  if (mood < 6) return soon(1, 2 * static_cast<int64_t>(settings().hold_seconds), &Customer::look_at_hold);
  pay();
}

void Customer::release() {
  const sale::HoldNumber hold = *hold_;
  shop_.clients.ask({.make = [this, hold] { return sale::Release{hold, hash_, {}}; },
                     .done = [this](const Heard&) { come_again(20); }});
}

void Customer::pay() {
  const sale::HoldNumber hold = *hold_;
  const sale::Idempotency key = fresh_key();
  pay_at_.clear();
  shop_.clients.ask({.make = [this, hold, key] { return sale::StartPayment{hold, hash_, key}; },
                     .done =
                         [this, hold](const Heard& reply) {
                           if (reply.outcome == sale::Outcome::kNothingToPay) return come_again(60);
                           if (!reply.hold || reply.hold->state != sale::HoldState::kPaying) return;
                           paying_ = hold;
                           pay_at_ = reply.redirect_url;
                           bank_visits_ = 0;
                           soon(0, chance(4) ? 90 : 8, &Customer::go_to_bank);
                         },
                     .gave_up = [this] { soon(1, 5, &Customer::look_at_hold); }});
}

void Customer::go_to_bank() {
  if (++bank_visits_ > 5 || chance(12)) return;  // some never pay
  if (pay_at_.empty()) return look_at_order();
  const bool declined = chance(5);
  if (!shop_.bank.choose_at(pay_at_, declined ? Bank::Choice::kDecline : Bank::Choice::kPay)) {
    return soon(1, 5, &Customer::go_to_bank);
  }
  if (declined && chance(3)) return soon(1, 20, &Customer::go_to_bank);  // and tries again on the same page
  soon(1, 10, &Customer::look_at_hold);
}

// Where to pay, if that was not known at once.
void Customer::look_at_order() {
  const sale::HoldNumber hold = *paying_;
  shop_.clients.ask({.make = [this, hold] { return sale::LookUpHold{hold, hash_}; },
                     .done =
                         [this](const Heard& reply) {
                           pay_at_ = reply.redirect_url;
                           soon(0, 5, &Customer::go_to_bank);
                         },
                     .gave_up = [this] { soon(1, 5, &Customer::go_to_bank); },
                     .by_order = true});
}

void Customer::look_at_hold() {
  if (!hold_) return;
  const sale::HoldNumber hold = *hold_;
  shop_.clients.ask({.make = [this, hold] { return sale::LookUpHold{hold, hash_}; },
                     .done =
                         [this](const Heard& reply) {
                           if (!reply.hold) return;
                           if (reply.hold->state == sale::HoldState::kHeld) return pay();
                           if (chance(3)) soon(1, 60, &Customer::look_at_hold);
                           if (reply.hold->state != sale::HoldState::kPaying) soon(1, 40, &Customer::arrive);
                         }});
}

// Somebody else's hold is nobody's business.
void Customer::steal() {
  const auto& holds = shop_.known_holds;
  const sale::HoldNumber hold = holds[shop_.site.random.below(holds.size())];
  if (hold == *hold_) return;
  shop_.clients.ask({.make = [this, hold] { return sale::Release{hold, hash_, {}}; }, .done = [](const Heard&) {}});
}

// What a guest has is not for who knows their name and not its signature.
void Customer::forge() {
  const auto& holds = shop_.guests_holds;
  if (holds.empty()) return;
  const auto& taken = holds[shop_.site.random.below(holds.size())];
  const CustomerHash forger = ServerKeys::get().forger_of(taken.second);
  shop_.clients.ask(
      {.make = [hold = taken.first, forger] { return sale::Release{hold, forger, {}}; }, .done = [](const Heard&) {}});
}

}  // namespace doorbuster::sim
