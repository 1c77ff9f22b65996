#include "sim/bank.h"

#include "sale/api/payment_name.h"
#include "sim/cells.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {

using platform::PaymentOutcome;

PaymentOf payment_of(const std::string& order) {
  const auto payment = sale::payment_named(order, ServerKeys::get().ids());
  ASSERT(payment.has_value());
  return {outside(sale::cell_of(payment->sale), payment->hold), payment->attempt};
}

// Behind an order's name: its second payment.
constexpr std::string_view kSecond = "/2";

// The address at which a customer pays, and back.
constexpr std::string_view kPayAt = "https://bank/";

platform::PaymentStartReply Bank::start(const platform::PaymentStart& wanted) {
  const auto [found, is_new] =
      payments_.try_emplace(wanted.order, Payment{.price = wanted.price, .paid = wanted.price});
  Payment& payment = found->second;
  if (is_new) {
    payment.refused = site_.unlucky(25);
    payment.tells = !site_.unlucky(8);
    site_.trace.note("bank: payment ", wanted.order, payment.refused ? " is refused" : " begins");
  }
  if (payment.price != wanted.price) site_.promises.breaks("a payment was started twice, with two prices");
  if (payment.refused) return {.outcome = PaymentOutcome::kRefused, .reason = "no"};
  return {
      .outcome = PaymentOutcome::kDone, .payment = wanted.order, .redirect_url = std::string(kPayAt) + wanted.order};
}

platform::PaymentRefundReply Bank::refund(const platform::PaymentRefund& wanted) {
  const auto found = payments_.find(wanted.order);
  if (found == payments_.end() || !found->second.taken) {
    site_.promises.breaks("a refund was asked for where no money was taken: " + wanted.order);
    return {.outcome = PaymentOutcome::kRefused};
  }
  Payment& payment = found->second;
  const bool is_second = payment.is_paid_twice && wanted.payment == wanted.order + std::string(kSecond);
  if (wanted.amount != (is_second ? payment.price : payment.paid)) {
    site_.promises.breaks("another amount was to be refunded than was paid: " + wanted.order);
  }
  // Another key is another refund.
  std::set<std::string>& keys = is_second ? payment.refunds_of_second : payment.refunds;
  if (keys.insert(wanted.idempotency_key).second) site_.trace.note("bank: ", wanted.order, " is refunded");
  if (payment.events_under_way == 0) tell(wanted.order, is_second ? News::kSecondRefunded : News::kRefunded);
  return {.outcome = PaymentOutcome::kDone};
}

platform::PaymentStatus Bank::query(const std::string& order) const {
  const auto found = payments_.find(order);
  if (found == payments_.end() || found->second.refused) return {.outcome = PaymentOutcome::kRefused};
  const Payment& payment = found->second;
  const auto state = payment.taken    ? platform::PaymentState::kSucceeded
                     : payment.failed ? platform::PaymentState::kFailed
                                      : platform::PaymentState::kPending;
  return {.outcome = PaymentOutcome::kDone, .state = state, .payment = order, .paid = payment.paid};
}

bool Bank::choose_at(const std::string& address, Choice choice) {
  ASSERT(address.starts_with(kPayAt));
  return choose(address.substr(kPayAt.size()), choice);
}

bool Bank::choose(const std::string& order, Choice choice) {
  const auto found = payments_.find(order);
  if (found == payments_.end() || found->second.refused) return false;
  Payment& payment = found->second;
  if (payment.taken || (payment.failed && choice == Choice::kDecline)) return false;
  site_.trace.note("bank: ", order, choice == Choice::kPay ? " is paid" : " is declined");
  // Who has said "failed" must tell it when the customer then succeeds after all: nobody asks again.
  if (payment.failed) payment.tells = true;
  payment.taken = choice == Choice::kPay;
  payment.failed = payment.failed || choice == Choice::kDecline;
  if (payment.taken && site_.unlucky(40)) payment.paid = {payment.price.amount / 7, payment.price.currency};
  // Who has taken money twice has to tell of both.
  payment.is_paid_twice = payment.taken && site_.unlucky(40);
  payment.tells |= payment.is_paid_twice;
  tell(order, choice == Choice::kPay ? News::kSucceeded : News::kFailed);
  if (payment.is_paid_twice) send(order, News::kPaidTwice);
  return true;
}

void Bank::close_for_the_day() {
  for (auto& [order, payment] : payments_) {
    if (payment.taken || payment.failed || payment.refused) continue;
    payment.tells = true;
    choose(order, Choice::kDecline);
  }
}

size_t Bank::events_under_way() const {
  size_t count = 0;
  for (const auto& [order, payment] : payments_) count += payment.events_under_way;
  return count;
}

void Bank::tell(const std::string& order, News news) {
  Payment& payment = payments_.at(order);
  if (!payment.tells && news != News::kRefunded && news != News::kSecondRefunded) return;
  send(order, news);
  if (site_.unlucky(6)) send(order, news);
}

void Bank::send(const std::string& order, News news) {
  ++payments_.at(order).events_under_way;
  const Duration late = site_.unlucky(5) ? site_.seconds_from_to(20, 300) : site_.up_to(Duration::seconds(4));
  site_.events.in(late, [this, order, news] {
    clients_.ask({.make = [this, order, news] { return command_of(order, news); },
                  .done =
                      [this, order, news](const Heard& heard) {
                        --payments_.at(order).events_under_way;
                        // So says a server that does not know yet that it has lost its log; a 404 is told again.
                        if (heard.outcome == sale::Outcome::kNotFound) send(order, news);
                      },
                  .gave_up = nullptr,
                  .tries = UINT32_MAX,
                  .patience = Duration::seconds(10)});
  });
}

sale::Command Bank::command_of(const std::string& order, News news) const {
  const PaymentOf payment = payment_of(order);
  const Payment& booked = payments_.at(order);
  const std::string second = order + std::string(kSecond);
  switch (news) {
    case News::kRefunded:
      return sale::SettleRefund{payment.hold, payment.attempt, order, booked.paid};
    case News::kSecondRefunded:
      return sale::SettleRefund{payment.hold, payment.attempt, second, booked.price};
    case News::kPaidTwice:
      return sale::SettlePayment{payment.hold, payment.attempt, sale::PaymentResult::kSucceeded, second, booked.price};
    case News::kSucceeded:
      return sale::SettlePayment{payment.hold, payment.attempt, sale::PaymentResult::kSucceeded, order, booked.paid};
    case News::kFailed:
      return sale::SettlePayment{payment.hold, payment.attempt, sale::PaymentResult::kFailed, order, booked.price};
  }
  ASSERT(false);
}

template <class Answer, class Asked>
void BankLine::call(Asked asked, std::function<void(Answer)> done) {
  const std::weak_ptr<bool> alive = alive_;
  const auto answer_with = [this, alive, done](Answer answer, Duration wait) {
    site_.events.in(wait, [alive, done, answer] {
      if (alive.lock() != nullptr) done(answer);
    });
  };
  const Duration slow = site_.unlucky(6) ? site_.seconds_from_to(5, 60) : Duration::millis(300);
  if (site_.unlucky(12)) return answer_with({.outcome = PaymentOutcome::kUnavailable}, site_.up_to(slow));
  const bool heard = !site_.unlucky(12);
  const bool answered = !site_.unlucky(12);
  // The bank does what it has heard, whether the server still lives then or not.
  site_.events.in(site_.up_to(slow), [alive, asked, done, heard, answered, slow, &site = site_] {
    const auto answer = heard ? asked() : Answer{.outcome = PaymentOutcome::kUnknown};
    if (alive.lock() == nullptr) return;
    const Duration back = site.up_to(slow);
    site.events.in(back, [alive, done, answer, answered] {
      if (alive.lock() != nullptr) done(answered ? answer : Answer{.outcome = PaymentOutcome::kUnknown});
    });
  });
}

void BankLine::start(const platform::PaymentStart& payment, std::function<void(platform::PaymentStartReply)> done) {
  call<platform::PaymentStartReply>([&bank = bank_, payment] { return bank.start(payment); }, std::move(done));
}

void BankLine::refund(const platform::PaymentRefund& refund, std::function<void(platform::PaymentRefundReply)> done) {
  call<platform::PaymentRefundReply>([&bank = bank_, refund] { return bank.refund(refund); }, std::move(done));
}

void BankLine::query(const platform::PaymentQuery& query, std::function<void(platform::PaymentStatus)> done) {
  call<platform::PaymentStatus>([&bank = bank_, order = query.order] { return bank.query(order); }, std::move(done));
}

}  // namespace doorbuster::sim
