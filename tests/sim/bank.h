// Who takes the money: a payment provider that answers late, twice or never, but keeps its books.
//
// Its books are the truth about money. Calls and events travel like everything else; what a server asked for may be
// done although the server has died meanwhile, and events are sent again until somebody takes them.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "platform/outbound/payment.h"
#include "sim/clients.h"

namespace doorbuster::sim {

struct Payment {
  Money price;
  bool refused = false;
  bool failed = false;  // it was said so; on the page the customer may have tried again
  bool taken = false;   // the money is here
  Money paid;           // which is now and then something else than the price
  bool is_paid_twice = false;
  std::set<std::string> refunds = {};  // their keys
  std::set<std::string> refunds_of_second = {};
  bool tells = true;  // sends events at all; if not, only a query finds out
  uint32_t events_under_way = 0;
};

class Bank {
 public:
  Bank(Site& site, Clients& clients) : site_(site), clients_(clients) {}

  // The customer is on the payment's page.
  enum class Choice : uint8_t { kPay, kDecline };
  // False if there is no such payment yet, or it is over.
  bool choose_at(const std::string& address, Choice choice);
  // Everything that is not decided has failed by now.
  void close_for_the_day();

  [[nodiscard]] const std::map<std::string, Payment>& books() const { return payments_; }
  [[nodiscard]] size_t events_under_way() const;

  // What a call did, once it has arrived.
  [[nodiscard]] platform::PaymentStartReply start(const platform::PaymentStart& wanted);
  [[nodiscard]] platform::PaymentRefundReply refund(const platform::PaymentRefund& wanted);
  [[nodiscard]] platform::PaymentStatus query(const std::string& order) const;

 private:
  enum class News : uint8_t { kSucceeded, kFailed, kRefunded, kPaidTwice, kSecondRefunded };
  bool choose(const std::string& order, Choice choice);
  void tell(const std::string& order, News news);
  void send(const std::string& order, News news);
  [[nodiscard]] sale::Command command_of(const std::string& order, News news) const;

  Site& site_;
  Clients& clients_;
  std::map<std::string, Payment> payments_;
};

// One server's line to the bank. It dies with the server, and so do the answers that are on their way.
class BankLine final : public platform::PaymentProvider {
 public:
  BankLine(Site& site, Bank& bank) : site_(site), bank_(bank) {}

  void start(const platform::PaymentStart& payment, std::function<void(platform::PaymentStartReply)> done) override;
  void refund(const platform::PaymentRefund& refund, std::function<void(platform::PaymentRefundReply)> done) override;
  void query(const platform::PaymentQuery& query, std::function<void(platform::PaymentStatus)> done) override;

 private:
  template <class Answer, class Asked>
  void call(Asked asked, std::function<void(Answer)> done);

  Site& site_;
  Bank& bank_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// The hold and the attempt that a payment's name stands for.
struct PaymentOf {
  sale::HoldNumber hold;
  uint8_t attempt;
};
[[nodiscard]] PaymentOf payment_of(const std::string& order);

}  // namespace doorbuster::sim
