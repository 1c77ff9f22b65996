#include "sim/history.h"

#include <algorithm>
#include <cstring>

#include "sim/events_on_disk.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

bool is_final(sale::HoldState state) {
  return state == sale::HoldState::kSold || state == sale::HoldState::kReleased || state == sale::HoldState::kExpired;
}

bool is_accepted(sale::Outcome outcome) {
  return outcome == sale::Outcome::kDone || outcome == sale::Outcome::kAlready;
}

// By what the machine knows an Idempotency-Key of the staff (platform/api/request_parts.cc).
uint64_t number_of_staffs_key(uint64_t key) {
  const std::string sent = key_text({key, 1});
  const Digest digest = sha256(as_bytes(ServerKeys::get().operator_id()), as_bytes(sent));
  uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number;
}

std::string name(sale::HoldState state) { return std::string(sale::name_of(state)); }

}  // namespace

void History::asked(const Question& question) {
  if (question.what == "release") asked_back_.insert(question.hold->packed());
}

void History::saw(const Question& question, const Heard& heard, const LogRanges& logs, uint64_t sent_at) {
  const auto is_guest = [](const CustomerHash& who) {
    return ServerKeys::get().is_guest(who) || ServerKeys::get().is_stranger(who);
  };
  const bool is_for_guests = heard.outcome == sale::Outcome::kGuestShareTaken;
  if (is_for_guests && question.customer && !is_guest(*question.customer))
    site_.promises.breaks("a customer of the shop was refused as guests are: " + text_of(question));
  if (heard.status == 404) saw_nothing(question, logs);
  if (question.what == "create sale" && heard.status >= 400 && heard.status < 500) saw_nothing_created(question, logs);
  if (heard.hold) {
    // A server that has lost its log may still say what was true when it owned it, but it can't promise anything new.
    // Its first answers come before the world hears of it.
    const uint32_t cell = cell_of(heard.hold->number).value();
    const bool is_newest = logs[cell].epoch >= site_.newest_epochs[cell];
    saw_hold(question, *heard.hold, is_newest, sent_at);
  }
  if (heard.entry) saw_entry(question, *heard.entry);
  if (heard.status < 300) saw_annotations(question, heard);
  if (!is_accepted(heard.outcome)) return;
  saw_key(question, heard);
  if (!question.customer && question.idempotency.key != 0) saw_operator(question, heard);
}

// Whoever looks for what they have been given finds it, unless the server does not know yet; visits are forgotten.
void History::saw_nothing(const Question& question, const LogRanges& logs) {
  if (!question.reads_only || site_.plan.is_about_visits || site_.a_month_later) return;
  const bool is_entry = question.entry.has_value();
  if (is_entry && site_.plan.is_tight) return;  // it may have come to nothing long ago (quota_book.h)
  const uint32_t cell = (is_entry ? cell_of(*question.entry) : cell_of(*question.hold)).value();
  if (logs[cell].epoch < site_.newest_epochs[cell]) return;
  const auto hold = is_entry ? holds_.end() : holds_.find(question.hold->packed());
  const bool is_kept =
      hold != holds_.end() && (hold->second.state == sale::HoldState::kSold || hold->second.attempts > 0);
  if (is_entry || is_kept) site_.promises.breaks("what was given is not found: " + text_of(question));
}

// Whoever sends the request of a sale that was created finds that sale, unless the server does not know yet: it refuses
// without writing, so it does not notice that it has lost its log. In which cell a sale is, its plan does not say.
void History::saw_nothing_created(const Question& question, const LogRanges& logs) {
  if (!operator_keys_.contains(question.idempotency.key) || site_.a_month_later) return;
  for (size_t cell = 0; cell < logs.size(); ++cell) {
    if (logs[cell].epoch < site_.newest_epochs[cell]) return;
  }
  if (logs.size() < site_.newest_epochs.size()) return;
  site_.promises.breaks("a sale that was created is not found by its request: " + text_of(question));
}

// An answer says what was so at some moment since its request was sent: what was known before that must show in it.
void History::saw_hold(const Question& question, const sale::HoldView& hold, bool is_newest, uint64_t sent_at) {
  const uint64_t final_at = is_final(hold.state) ? site_.events.steps() : 0;
  const auto [found, is_new] =
      holds_.try_emplace(hold.number.packed(),
                         HoldFact{question.customer, hold.sale, hold.state, final_at, hold.expires_at, hold.attempts});
  HoldFact& fact = found->second;
  if (is_new && question.customer) holds_of_[{hold.sale, *question.customer}].push_back(hold.number.packed());
  if (is_new) return;
  if (!fact.customer) fact.customer = question.customer;
  if (question.customer && *question.customer != *fact.customer) {
    site_.promises.breaks(text_of(hold.number) + " was given to two customers");
  }
  if (!is_newest && !is_final(hold.state)) return;  // the look of a server that does not know yet
  const bool is_other = is_final(fact.state) && fact.state != hold.state;
  if (is_other && fact.final_at >= sent_at && !is_final(hold.state)) return;
  if (is_other) {
    site_.promises.breaks(text_of(hold.number) + " was told to be " + name(fact.state) + ", and then " +
                          name(hold.state));
  }
  if (!is_final(fact.state)) fact.final_at = final_at;
  fact.state = hold.state;
  fact.attempts = std::max(fact.attempts, hold.attempts);
}

void History::saw_entry(const Question& question, const sale::EntryView& entry) {
  const auto [found, is_new] = entries_.try_emplace(
      entry.number.packed(), EntryFact{question.customer, entry.sale, entry.arrival, entry.position});
  EntryFact& fact = found->second;
  if (!fact.customer) fact.customer = question.customer;
  if (question.customer && *question.customer != *fact.customer) {
    site_.promises.breaks(text_of(entry.number) + " was given to two customers");
  }
  if (fact.arrival == 0) fact.arrival = entry.arrival;
  if (entry.arrival != 0 && fact.arrival != entry.arrival)
    site_.promises.breaks(text_of(entry.number) + " has changed its arrival");
  if (entry.position == 0) return;  // not drawn, or an answer that was long on its way
  if (fact.position == 0) fact.position = entry.position;
  if (fact.position != entry.position) site_.promises.breaks(text_of(entry.number) + " has changed its position");
  const auto holder = positions_.try_emplace({entry.sale, entry.position}, entry.number.packed()).first;
  if (holder->second != entry.number.packed()) {
    site_.promises.breaks("position " + std::to_string(entry.position) + " was given to two entries");
  }
}

// Whoever attaches something gets exactly that back, and nobody gets anybody else's.
void History::saw_annotations(const Question& question, const Heard& heard) {
  const Annotations& told = *heard.annotations;
  if (!heard.hold && !heard.entry) return;
  const std::string what = heard.hold ? text_of(heard.hold->number) : text_of(heard.entry->number);
  auto& facts = heard.hold ? of_holds_ : of_entries_;
  const uint64_t number = heard.hold ? heard.hold->number.packed() : heard.entry->number.packed();
  if (facts.try_emplace(number, told).first->second != told)
    site_.promises.breaks("what is attached to " + what + " has changed");
  if (question.customer && !told.client_reference.empty() &&
      !told.client_reference.starts_with(reference_of(ServerKeys::get().number_of(*question.customer)))) {
    site_.promises.breaks(what + " has what somebody else has attached: " + told.client_reference);
  }
  const bool is_made = heard.outcome == sale::Outcome::kDone && (question.what == "join" || question.what == "reserve");
  if (is_made && !beyond(*question.annotations, told).empty())
    site_.promises.breaks("what was to be attached to " + what + " is not there");
  if (is_made && question.what == "join" && told != *question.annotations)
    site_.promises.breaks(what + " has more attached to it than was asked for");
}

void History::saw_key(const Question& question, const Heard& reply) {
  if (!question.customer || question.idempotency.key == 0 || (!reply.hold && !reply.entry)) return;
  const bool is_join = question.what == "join";
  if (is_join && reply.outcome == sale::Outcome::kAlready) return;  // with another key, too, it is the same entry
  const uint64_t made = is_join ? reply.entry->number.packed() : reply.hold->number.packed();
  const KeyOfCustomer key{question.what, reply.sale, *question.customer, question.idempotency.key};
  const auto found = made_by_key_.try_emplace(key, made).first;
  const CellId cell = is_join ? cell_of(reply.entry->number) : cell_of(reply.hold->number);
  if (found->second != made && !may_forget_key(key, found->second, cell)) {
    site_.promises.breaks("the same idempotency key made two things: " + text_of(question));
  }
  found->second = made;
  if (question.what == "reserve") saw_repeated(key, reply);
}

// A key is forgotten together with what it made: after a visit, or once its customer has made so many other holds since
// that the oldest one over is not remembered any more.
bool History::may_forget_key(const KeyOfCustomer& key, uint64_t made, CellId cell) const {
  if (site_.plan.is_about_visits) return true;
  const auto& [what, sale, customer, number] = key;
  const auto of_customer = holds_of_.find({sale, customer});
  if (what == "join") return false;
  if (was_forgotten_in_time(cell, made)) return true;
  if (of_customer == holds_of_.end()) return false;
  const auto& holds = of_customer->second;
  const auto since = holds.end() - std::find(holds.begin(), holds.end(), made);
  return since > static_cast<ptrdiff_t>(sale::kMaxUntriedHolds);
}

// While a table is crowded, a hold that came to nothing is forgotten some minutes after its end, by the server's time,
// which may have gone ahead (sale/machine/retention.h).
bool History::was_forgotten_in_time(CellId cell, uint64_t hold) const {
  std::optional<Timestamp> end;
  bool is_in_time = false;
  for_each_event_on_disk(site_, cell, [&](const auto& event, Timestamp at) {
    using Event = std::decay_t<decltype(event)>;
    const auto is_of_it = [&](sale::HoldNumber number) { return outside(cell, number).packed() == hold; };
    if constexpr (std::is_same_v<Event, sale::Held>) {
      if (is_of_it(event.hold)) end = event.expires_at;
    } else if constexpr (std::is_same_v<Event, sale::HoldReleased>) {
      if (is_of_it(event.hold) && end) end = std::min(*end, at);
    } else if constexpr (std::is_same_v<Event, sale::HoldForgotten>) {
      is_in_time = is_in_time || (is_of_it(event.hold) && end && at >= *end + sale::kRememberAbandoned);
    }
  });
  return is_in_time;
}

// The answer to a repeated reservation has the same bytes, as long as the hold is as it was.
void History::saw_repeated(const KeyOfCustomer& key, const Heard& heard) {
  const auto [found, is_new] = reserved_by_key_.try_emplace(key, heard);
  if (is_new) return;
  const Heard before = std::exchange(found->second, heard);
  const bool is_as_it_was = before.hold->number == heard.hold->number && before.hold->state == heard.hold->state &&
                            (before.hold->attempts > 0) == (heard.hold->attempts > 0);
  if (is_as_it_was && (before.body != heard.body || before.status != heard.status))
    site_.promises.breaks("a repeated reservation was answered otherwise than before: " + heard.body);
}

void History::saw_operator(const Question& question, const Heard& reply) {
  if (question.hold || question.entry) return;
  const auto found = operator_keys_.try_emplace(question.idempotency.key, reply.sale).first;
  if (found->second != reply.sale) site_.promises.breaks("an operator's key was used for two sales");
  if (question.what == "close") closed_.insert(reply.sale);
}

void History::saw(const sale::PublicStatus& status) {
  const auto [found, is_new] = numbers_.try_emplace(status.sale, status);
  sale::PublicStatus& seen = found->second;
  seen.sold = std::max(seen.sold, status.sold);
  seen.last_position = std::max(seen.last_position, status.last_position);
  seen.now_serving = std::max(seen.now_serving, status.now_serving);
  saw_draw(seen, status);
}

// Who takes part stays as it was published, and nobody is offered anything before there is an order.
void History::saw_draw(sale::PublicStatus& seen, const sale::PublicStatus& status) {
  if (status.has_draw && !status.is_drawn && status.offers > 0) {
    site_.promises.breaks("a unit was offered before the places were drawn");
  }
  if (!status.is_draw_closed) return;
  if (seen.is_draw_closed && seen.draw_root != status.draw_root) {
    site_.promises.breaks("a draw has another list than the one it was closed with");
  }
  seen.is_draw_closed = true;
  seen.draw_root = status.draw_root;
}

void History::check(const CellStates& states) {
  if (site_.a_month_later) return;  // what is archived is forgotten, and asked for by its pages
  for (const auto& [packed, fact] : holds_) check_hold(packed, fact, states);
  for (const auto& [packed, fact] : entries_) check_entry(packed, fact, states);
  check_annotations(states);
  check_operators(states);
  check_numbers(states);
}

// The number that a server has given to the sale of the plan; one that nobody has if it knows none.
sale::SaleNumber History::sale_in(const CellStates& states, sale::SaleNumber in_plan) const {
  return states.number_of(site_.plan.sales[in_plan.value()].id);
}

void History::check_hold(uint64_t packed, const HoldFact& fact, const CellStates& states) {
  const auto number = sale::HoldNumber::unpacked(packed);
  const sale::Hold* hold = states.find(number);
  if (hold == nullptr) {
    if (!may_be_forgotten(packed, fact, states))
      site_.promises.breaks(text_of(number) + " was acknowledged, and is lost");
    return;
  }
  if (fact.customer && hold->customer != *fact.customer) {
    site_.promises.breaks(text_of(number) + " was acknowledged to one customer, and belongs to another");
  }
  if (sale_in(states, fact.sale).value() != hold->sale)
    site_.promises.breaks(text_of(number) + " has moved to another sale");
  if (is_final(fact.state) && hold->state != fact.state) {
    site_.promises.breaks(text_of(number) + " was told to be " + name(fact.state) + ", and is " + name(hold->state));
  }
  if (hold->attempts < fact.attempts) {
    site_.promises.breaks("payment " + std::to_string(fact.attempts) + " of " + text_of(number) +
                          " was acknowledged, and is lost");
  }
}

// After its time, or when its customer has as many that are over as are remembered.
bool History::may_be_forgotten(uint64_t packed, const HoldFact& fact, const CellStates& states) {
  const auto& [state, now] = states.of(cell_of(sale::HoldNumber::unpacked(packed)));
  if (fact.state == sale::HoldState::kSold) return false;
  const bool is_visit = site_.plan.is_about_visits;
  const bool is_over = is_final(fact.state) || asked_back_.contains(packed) || now >= fact.expires_at;
  if (is_visit && (is_final(fact.state) || asked_back_.contains(packed))) return true;
  if (site_.plan.is_tight && is_over && fact.attempts == 0) return true;  // quota_book.h has the log of it
  if (now >= fact.expires_at + (is_visit ? sale::kRememberVisit : sale::kRememberResolved)) return true;
  if (fact.attempts > 0 || !fact.customer) return fact.attempts == 0;
  uint32_t over = 0;
  for (uint32_t slot = state->newest_hold_of(sale_in(states, fact.sale), *fact.customer); slot != sale::kNoSlot;
       slot = state->hold_at(slot).older_of_customer) {
    over += sale::is_over(state->hold_at(slot)) && state->hold_at(slot).attempts == 0;
  }
  return over >= sale::kMaxUntriedHolds;
}

void History::check_entry(uint64_t packed, const EntryFact& fact, const CellStates& states) {
  const auto number = sale::EntryNumber::unpacked(packed);
  const sale::State& state = *states.of(cell_of(number)).state;
  const sale::Entry* entry = states.find(number);
  if (entry == nullptr) {
    const sale::Sale& sale = state.sale_at(sale_in(states, fact.sale).value());
    const bool has_passed = sale.queue_head == sale::kNoSlot || state.entry_at(sale.queue_head).arrival > fact.arrival;
    if ((site_.plan.is_about_visits || site_.plan.is_tight) && has_passed) return;
    if (site_.plan.is_tight && sale.state == sale::SaleState::kClosed) return;
    return site_.promises.breaks(text_of(number) + " was acknowledged, and is lost");
  }
  if (fact.customer && entry->customer != *fact.customer) {
    site_.promises.breaks(text_of(number) + " was acknowledged to one customer, and belongs to another");
  }
  const bool has_position = fact.position == 0 || state.position_of(*entry) == fact.position;
  const bool has_arrival = fact.arrival == 0 || entry->arrival == fact.arrival;
  if (!has_arrival || !has_position) site_.promises.breaks(text_of(number) + " has lost its position");
}

void History::check_annotations(const CellStates& states) {
  const auto check = [&](auto number, const Annotations& told) {
    if (states.find(number) == nullptr) return;
    if (states.of(cell_of(number)).state->annotations_of(inside(number)) != told)
      site_.promises.breaks("what was attached to " + text_of(number) + " is another after all");
  };
  for (const auto& [packed, told] : of_holds_) check(sale::HoldNumber::unpacked(packed), told);
  for (const auto& [packed, told] : of_entries_) check(sale::EntryNumber::unpacked(packed), told);
}

void History::check_operators(const CellStates& states) {
  for (const auto& [key, sale] : operator_keys_) {
    const sale::SaleNumber number = sale_in(states, sale);
    const sale::State* state = states.find_cell_of(number);
    const auto* request = state == nullptr ? nullptr : state->operator_request(number_of_staffs_key(key));
    if (request == nullptr || request->sale != number) {
      site_.promises.breaks("an operator's request with key " + std::to_string(key) + " was acknowledged, and is lost");
    }
  }
  for (const sale::SaleNumber sale : closed_) {
    const sale::SaleNumber number = sale_in(states, sale);
    const sale::State* state = states.find_cell_of(number);
    const sale::Sale* found = state == nullptr ? nullptr : state->find_sale(number);
    if (found == nullptr || found->state != sale::SaleState::kClosed) {
      site_.promises.breaks("sale " + std::to_string(sale.value()) + " was closed, and is open again");
    }
  }
}

// Numbers that only grow, whatever happens: what was published of them must have been durable.
void History::check_numbers(const CellStates& states) {
  for (const auto& [number, seen] : numbers_) {
    const sale::Sale* sale = states.of(sale::cell_of(number)).state->find_sale(number);
    if (sale == nullptr || sale->sold < seen.sold || sale->last_position < seen.last_position ||
        sale->now_serving < seen.now_serving) {
      site_.promises.breaks("numbers of sale " + std::to_string(number.value()) +
                            " were published that were not durable");
    } else if (seen.is_draw_closed && (!sale->draw->is_closed() || sale->draw->root() != seen.draw_root)) {
      site_.promises.breaks("the list of a draw was published, and is another");
    }
  }
}

}  // namespace doorbuster::sim
