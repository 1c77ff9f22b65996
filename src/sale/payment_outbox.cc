#include "sale/payment_outbox.h"

#include <algorithm>

#include "base/bug_zoo.h"

namespace doorbuster::sale {
namespace {

constexpr Duration kRetryMax = Duration::seconds(60);

// A sale without a price is paid with nothing, in no currency (ISO 4217: XXX).
Money price_in(const Settings& sale) { return sale.price.value_or(Money{0, Currency("XXX")}); }

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

void PaymentOutbox::add(SaleNumber sale, HoldNumber hold, uint8_t attempt, Need need,
                        const std::optional<TraceContext>& trace) {
  const std::lock_guard lock(mutex_);
  tasks_[{hold.packed(), attempt}] = {
      .sale = sale, .hold = hold, .attempt = attempt, .need = need, .due = {}, .redirect_url = {}, .trace = trace};
  options_.wake();
}

void PaymentOutbox::remove(HoldNumber hold, uint8_t attempt) {
  const std::lock_guard lock(mutex_);
  tasks_.erase({hold.packed(), attempt});
}

void PaymentOutbox::on(const PaymentStarted& event, const EventPlace& place) {
  add(event.sale, event.hold, event.attempt, Need::kAddress, place.trace());
}
void PaymentOutbox::on(const PaymentSucceeded& event, const EventPlace&) { remove(event.hold, event.attempt); }
void PaymentOutbox::on(const PaymentFailed& event, const EventPlace&) { remove(event.hold, event.attempt); }
void PaymentOutbox::on(const PaymentLate& event, const EventPlace& place) {
  if (bug_planted(Bug::kRefundForgotten) && !caught_up_) return remove(event.hold, event.attempt);
  add(event.sale, event.hold, event.attempt, Need::kRefund, place.trace());
}
void PaymentOutbox::on(const RefundDone& event, const EventPlace&) { remove(event.hold, event.attempt); }

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
    for (const auto& [key, task] : tasks_)
      owed.push_back({task.sale, task.hold, task.attempt, task.need == Need::kRefund});
  }
  out(owed);
}

void PaymentOutbox::load(StateLoader& in) {
  std::vector<Owed> owed;
  in(owed);
  for (const Owed& one : owed) {
    if (bug_planted(Bug::kRefundForgotten) && one.is_refund) continue;
    add(one.sale, one.hold, one.attempt, one.is_refund ? Need::kRefund : Need::kAddress, {});
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
  return {.payments_open = tasks_.size() - refunds, .refunds_due = refunds};
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
      if (!caught_up_ || task.calling || task.due > now) continue;
      task.calling = true;
      due.push_back(task);
    }
  }
  for (const Task& task : due) call_provider(task);
}

void PaymentOutbox::call_provider(const Task& task) {
  const auto page = directory_.page();
  const Listing* listing = page->find(task.sale);
  // It is being archived: we shall hear of that at once.
  if (listing == nullptr) return again_later({task.hold.packed(), task.attempt});
  switch (task.need) {
    case Need::kAddress:
      return ask_for_address(task, listing->settings);
    case Need::kResult:
      return ask_for_result(task);
    case Need::kRefund:
      return ask_for_refund(task, listing->settings);
  }
}

// "<order id>-<attempt>": the name by which the provider knows a payment.
std::string PaymentOutbox::name_of_payment(const Task& task) const {
  const auto id = ids_.seal({auth::IdKind::kPayment, task.sale.value(), task.hold.packed()});
  return std::string(auth::view(id)) + "-" + std::to_string(task.attempt);
}

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
  const Key key{task.hold.packed(), task.attempt};
  const std::string name = name_of_payment(task);
  const auto order = ids_.seal({auth::IdKind::kOrder, task.sale.value(), task.hold.packed()});
  provider_.start({.order = name,
                   .price = price_in(sale),
                   .description = sale.title,
                   .return_url = options_.return_url + std::string(auth::view(order)),
                   .idempotency_key = name,
                   .trace = task.trace},
                  [this, key, task](const platform::PaymentStartReply& reply) {
                    if (reply.outcome == platform::PaymentOutcome::kRefused) {
                      enqueue(task, PaymentResult::kFailed, reply.reason);
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
  const Key key{task.hold.packed(), task.attempt};
  provider_.query(
      {.order = name_of_payment(task), .trace = task.trace}, [this, key, task](const platform::PaymentStatus& status) {
        const bool known =
            status.outcome == platform::PaymentOutcome::kDone && status.state != platform::PaymentState::kPending;
        if (known) {
          const bool succeeded = status.state == platform::PaymentState::kSucceeded;
          enqueue(task, succeeded ? PaymentResult::kSucceeded : PaymentResult::kFailed, status.payment);
        }
        again_later(key);
      });
}

void PaymentOutbox::ask_for_refund(const Task& task, const Settings& sale) {
  const Key key{task.hold.packed(), task.attempt};
  const std::string name = name_of_payment(task);
  provider_.refund({.order = name,
                    .amount = price_in(sale),
                    .reason = "the payment came after its hold had ended",
                    .idempotency_key = name + ":refund",
                    .trace = task.trace},
                   [this, key](const platform::PaymentRefundReply& reply) {
                     if (reply.outcome == platform::PaymentOutcome::kRefused) {
                       options_.on_trouble("the provider refuses a refund that is due: " + reply.reason);
                     }
                     again_later(key);  // until the provider's event says that it is done
                   });
}

void PaymentOutbox::enqueue(const Task& task, PaymentResult result, const std::string& reference) {
  const std::lock_guard lock(mutex_);
  outgoing_.push_back({SettlePayment{task.hold, task.attempt, result, shortened(reference)}, task.trace});
  options_.wake();
}

// What does not fit stays for the next round; what the cell could not take is found again by a look-up.
void PaymentOutbox::send_commands() {
  port_.drain([](const cell::Port<Machine>::Answer&) {});
  submit_outgoing();
  port_.flush();  // may decide here and now: nobody should wait for us meanwhile
}

void PaymentOutbox::submit_outgoing() {
  const std::lock_guard lock(mutex_);
  size_t sent = 0;
  while (sent < outgoing_.size() && port_.under_way() < port_.capacity()) {
    ASSERT(port_.submit(0, std::move(outgoing_[sent].command), outgoing_[sent].trace));
    ++sent;
  }
  outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<ptrdiff_t>(sent));
}

}  // namespace doorbuster::sale
