#include "sale/payment_outbox.h"

#include <algorithm>

#include "base/bug_zoo.h"

namespace doorbuster::sale {
namespace {

constexpr Duration kRetryMax = Duration::seconds(60);

}  // namespace

PaymentOutbox::PaymentOutbox(PaymentOutboxOptions options, platform::PaymentProvider& provider,
                             const Directory& directory, const auth::IdSealer& ids, const Clock& clock)
    : options_(std::move(options)),
      provider_(provider),
      directory_(directory),
      ids_(ids),
      clock_(clock),
      port_(options_.commands_under_way, options_.wake) {}

std::string PaymentOutbox::shortened(const std::string& text) { return text.substr(0, 128); }

void PaymentOutbox::add(Task&& task) {
  const std::lock_guard lock(mutex_);
  task.is_sure = caught_up_;
  const Key key = key_of(task);
  tasks_[key] = std::move(task);
  options_.wake();
}

void PaymentOutbox::remove(const Key& key) {
  const std::lock_guard lock(mutex_);
  tasks_.erase(key);
}

void PaymentOutbox::note_over(HoldNumber hold) {
  const std::lock_guard lock(mutex_);
  auto task = tasks_.lower_bound({.hold = hold.packed()});
  for (; task != tasks_.end() && task->first.hold == hold.packed(); ++task) task->second.is_over = true;
}

void PaymentOutbox::on(const HoldExpired& event, const EventPlace&) { note_over(event.hold); }
void PaymentOutbox::on(const HoldReleased& event, const EventPlace&) { note_over(event.hold); }
void PaymentOutbox::on(const PaymentStarted& event, const EventPlace& place) {
  add({.sale = event.sale,
       .hold = event.hold,
       .attempt = event.attempt,
       .named = event.named,
       .annotations = event.annotations,
       .trace = place.trace()});
}
void PaymentOutbox::on(const PaymentSucceeded& event, const EventPlace&) {
  remove({event.hold.packed(), event.attempt});
}
void PaymentOutbox::on(const PaymentFailed& event, const EventPlace&) { remove({event.hold.packed(), event.attempt}); }
void PaymentOutbox::on(const PaymentLate& event, const EventPlace& place) {
  if (bug_planted(Bug::kRefundForgotten) && !caught_up_) return remove({event.hold.packed(), event.attempt});
  add({.sale = event.sale,
       .hold = event.hold,
       .attempt = event.attempt,
       .need = Need::kRefund,
       .named = event.named,
       .reference = event.reference,
       .trace = place.trace()});
}
void PaymentOutbox::on(const RefundDone& event, const EventPlace&) { remove({event.hold.packed(), event.attempt}); }

void PaymentOutbox::on(const MoneyUnexpected& event, const EventPlace& place) {
  Task task{.sale = event.sale,
            .hold = event.hold,
            .attempt = event.attempt,
            .need = Need::kRefund,
            .named = event.named,
            .payment = payment_identity(event.reference),
            .paid = event.paid,
            .reference = event.reference,
            .trace = place.trace()};
  bool is_news = false;
  {
    const std::lock_guard lock(mutex_);
    is_news = caught_up_;
    unexpected_ += is_news;
    const auto payment = tasks_.find({event.hold.packed(), event.attempt});
    if (payment != tasks_.end() && payment->second.need != Need::kRefund) tasks_.erase(payment);
  }
  if (is_news) {
    options_.on_trouble("payment " + name_of_payment(task) + " brought money that buys nothing (" +
                        std::string(name_of(event.reason)) + "): " + std::to_string(event.paid.amount) +
                        " minor units of " + std::string(event.paid.currency.code()) + ", which the provider calls '" +
                        event.reference + "'; all of it is sent back");
  }
  add(std::move(task));
}
void PaymentOutbox::on(const MoneyReturned& event, const EventPlace&) {
  remove({event.hold.packed(), event.attempt, event.payment});
}

// No money is owed to anybody in it. A payment that has not come to anything by now is forgotten: the cell would say
// that there is no such hold.
void PaymentOutbox::on(const SaleArchived& event, const EventPlace&) {
  std::vector<Task> open;
  bool is_news = false;
  {
    const std::lock_guard lock(mutex_);
    is_news = caught_up_;
    std::erase_if(tasks_, [&](const auto& entry) {
      const Task& task = entry.second;
      if (task.sale == event.sale) open.push_back(task);
      return task.sale == event.sale;
    });
  }
  for (const Task& task : open) {
    if (is_news) {
      options_.on_trouble("payment " + name_of_payment(task) +
                          " never came to a result, and its sale is archived: look it up at the provider");
    }
  }
}

void PaymentOutbox::on_caught_up() {
  const std::lock_guard lock(mutex_);
  caught_up_ = true;
  options_.wake();
}

// A payment of which an address was known is asked for again: the provider says the same under the same key.
void PaymentOutbox::save(StateSaver& out) const {
  std::vector<Owed> owed;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, task] : tasks_) {
      owed.push_back({.sale = task.sale,
                      .hold = task.hold,
                      .attempt = task.attempt,
                      .is_refund = task.need == Need::kRefund,
                      .is_over = task.is_over,
                      .named = task.named,
                      .annotations = task.annotations,
                      .payment = task.payment,
                      .paid = task.payment == 0 ? Money{0, Currency("XXX")} : task.paid,
                      .reference = task.reference});
    }
  }
  out(owed);
}

void PaymentOutbox::load(StateLoader& in) {
  std::vector<Owed> owed;
  in(owed);
  for (const Owed& one : owed) {
    if (bug_planted(Bug::kRefundForgotten) && one.is_refund) continue;
    add({.sale = one.sale,
         .hold = one.hold,
         .attempt = one.attempt,
         .need = one.is_refund ? Need::kRefund : Need::kAddress,
         .is_over = one.is_over,
         .named = one.named,
         .annotations = one.annotations,
         .payment = one.payment,
         .paid = one.paid,
         .reference = one.reference});
  }
}

void PaymentOutbox::clear() {
  const std::lock_guard lock(mutex_);
  tasks_.clear();
}

std::optional<std::string> PaymentOutbox::redirect_of(HoldNumber hold, uint8_t attempt) const {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find({hold.packed(), attempt});
  if (found == tasks_.end() || found->second.redirect_url.empty()) return std::nullopt;
  return found->second.redirect_url;
}

PaymentOutbox::Backlog PaymentOutbox::backlog() const {
  const std::lock_guard lock(mutex_);
  const auto refunds = static_cast<size_t>(std::count_if(
      tasks_.begin(), tasks_.end(), [](const auto& entry) { return entry.second.need == Need::kRefund; }));
  return {.payments_open = tasks_.size() - refunds, .refunds_due = refunds, .unexpected = unexpected_};
}

void PaymentOutbox::turn() {
  send_commands();
  std::vector<Task> due;
  {
    const std::lock_guard lock(mutex_);
    const Timestamp now = clock_.now();
    // A clock that was set back must not put off what was due: a refund is not made to wait for hours.
    const Duration gone_back = std::max(Duration(), round_at_ - now);
    round_at_ = now;
    for (auto& [key, task] : tasks_) {
      task.due = task.due - gone_back;
      if (task.unknown_since) task.unknown_since = *task.unknown_since - gone_back;
      if (!caught_up_ || task.calling || task.due > now) continue;
      task.calling = true;
      due.push_back(task);
    }
  }
  for (const Task& task : due) call_provider(task);
}

void PaymentOutbox::call_provider(const Task& task) {
  if (task.payment != 0) return ask_for_refund(task, task.paid);  // whatever became of the sale
  const bool is_over = task.is_over && !bug_planted(Bug::kBegunWhenOver);
  const bool may_begin = task.need == Need::kAddress && !is_over;
  if (may_begin && !task.is_sure) return ask_cell(task);
  if (task.need == Need::kResult || (task.need == Need::kAddress && !may_begin)) return ask_for_result(task);
  const auto page = directory_.page();
  const Listing* listing = page->find(task.sale);
  // It is being archived: we shall hear of that at once.
  if (listing == nullptr) return again_later(key_of(task));
  if (may_begin) return ask_for_address(task, listing->settings);
  ask_for_refund(task, price_of(listing->settings));
}

// Of a payment from before the start nobody knows whether its hold still waits for it: it may have ended since.
void PaymentOutbox::ask_cell(const Task& task) {
  const std::lock_guard lock(mutex_);
  asked_[++tickets_] = key_of(task);
  outgoing_.push_back({LookUpHold{task.hold, std::nullopt}, task.trace, tickets_});
  options_.wake();
}

void PaymentOutbox::hear_from_cell(const cell::Port<Machine>::Answer& answer) {
  const std::lock_guard lock(mutex_);
  const auto asked = asked_.find(answer.ticket.value);
  if (asked == asked_.end()) return;
  const auto found = tasks_.find(asked->second);
  asked_.erase(asked);
  if (found == tasks_.end()) return;
  Task& task = found->second;
  task.calling = false;
  if (answer.status != cell::ReplyStatus::kDecided) {
    task.due = clock_.now() + options_.retry_after;
    return;
  }
  const std::optional<HoldView>& hold = answer.reply.hold;
  task.is_sure = true;
  task.is_over |= !hold || hold->state != HoldState::kPaying || hold->attempts != task.attempt;
}

// "<order id>-<attempt>": the name by which the provider knows a payment.
void PaymentOutbox::again_later(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(key);
  if (found == tasks_.end()) return;
  Task& task = found->second;
  const Duration pause = options_.retry_after * (int64_t{1} << std::min(task.tries, 10U));
  task.due = clock_.now() + std::min(pause, kRetryMax);
  task.calling = false;
  ++task.tries;
}

void PaymentOutbox::ask_for_address(const Task& task, const Settings& sale) {
  const Key key = key_of(task);
  const std::string name = name_of_payment(task);
  const auto order = ids_.seal({auth::IdKind::kOrder, task.sale.value(), task.hold.packed()});
  provider_.start({.order = name,
                   .price = price_of(sale),
                   .description = sale.title,
                   .return_url = options_.return_url + std::string(auth::view(order)),
                   .idempotency_key = name,
                   .annotations = *task.annotations,
                   .trace = task.trace},
                  [this, key, task](const platform::PaymentStartReply& reply) {
                    if (reply.outcome == platform::PaymentOutcome::kRefused) {
                      enqueue_failure(task, reply.reason);
                    }
                    if (reply.outcome != platform::PaymentOutcome::kDone) return again_later(key);
                    const std::lock_guard lock(mutex_);
                    const auto found = tasks_.find(key);
                    // A slow answer may come when the payment is over and its refund is due: that must not be forgotten
                    // for it.
                    if (found == tasks_.end() || found->second.need != Need::kAddress) return;
                    found->second.redirect_url = reply.redirect_url;
                    found->second.need = Need::kResult;
                    found->second.due = clock_.now() + options_.look_up_after;
                    found->second.tries = 0;
                    found->second.calling = false;
                  });
}

void PaymentOutbox::ask_for_result(const Task& task) {
  const Key key = key_of(task);
  provider_.query(
      {.order = name_of_payment(task), .trace = task.trace}, [this, key, task](const platform::PaymentStatus& status) {
        const bool is_told = status.outcome == platform::PaymentOutcome::kDone;
        if (is_told && status.state == platform::PaymentState::kSucceeded && !status.paid) {
          options_.on_trouble("the provider says that payment " + name_of_payment(task) +
                              " succeeded, and not how much was paid: nothing is sold for it before it says that");
        } else if (is_told && status.state == platform::PaymentState::kSucceeded) {
          enqueue(task, PaymentResult::kSucceeded, status.payment, *status.paid);
        } else if (is_told && status.state == platform::PaymentState::kFailed) {
          enqueue_failure(task, status.payment);
        } else if (status.outcome == platform::PaymentOutcome::kRefused && task.is_over && never_was(key)) {
          enqueue_failure(task, "it was never begun");  // and never will be
        }
        again_later(key);
      });
}

// The provider has just said once more that it does not know it.
bool PaymentOutbox::never_was(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(key);
  if (found == tasks_.end()) return false;
  std::optional<Timestamp>& since = found->second.unknown_since;
  const Timestamp now = clock_.now();
  if (!since) since = now;
  return now - *since >= options_.on_its_way;
}

void PaymentOutbox::ask_for_refund(const Task& task, const Money& amount) {
  const Key key = key_of(task);
  const std::string name = name_of_payment(task);
  const bool is_unexpected = task.payment != 0;
  provider_.refund({.order = name,
                    .amount = amount,
                    .reason = is_unexpected ? "the payment does not fit what was asked for"
                                            : "the payment came after its hold had ended",
                    .idempotency_key = name + ":refund" + (is_unexpected ? ":" + std::to_string(task.payment) : ""),
                    .payment = task.reference,
                    .trace = task.trace},
                   [this, key](const platform::PaymentRefundReply& reply) {
                     if (reply.outcome == platform::PaymentOutcome::kRefused) {
                       options_.on_trouble("the provider refuses a refund that is due: " + reply.reason);
                     }
                     again_later(key);  // until the provider's event says that it is done
                   });
}

void PaymentOutbox::enqueue_failure(const Task& task, const std::string& reference) {
  enqueue(task, PaymentResult::kFailed, reference, {});
}

void PaymentOutbox::enqueue(const Task& task, PaymentResult result, const std::string& reference, const Money& paid) {
  const std::lock_guard lock(mutex_);
  outgoing_.push_back({SettlePayment{.hold = task.hold,
                                     .attempt = task.attempt,
                                     .result = result,
                                     .reference = shortened(reference),
                                     .paid = paid,
                                     .sale = task.sale,
                                     .named = task.named},
                       task.trace});
  options_.wake();
}

// What does not fit stays for the next round; what the cell could not take is found again by a look-up.
void PaymentOutbox::send_commands() {
  port_.drain([this](const cell::Port<Machine>::Answer& answer) { hear_from_cell(answer); });
  submit_outgoing();
  port_.flush();  // may decide here and now: nobody should wait for us meanwhile
}

void PaymentOutbox::submit_outgoing() {
  const std::lock_guard lock(mutex_);
  size_t sent = 0;
  while (sent < outgoing_.size() && port_.under_way() < port_.capacity()) {
    Outgoing& next = outgoing_[sent];
    ASSERT(port_.submit(next.ticket, std::move(next.command), next.trace));
    ++sent;
  }
  outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<ptrdiff_t>(sent));
}

}  // namespace doorbuster::sale
