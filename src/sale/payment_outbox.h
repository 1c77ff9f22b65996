// Carries the payments of one cell between its log and the provider.
//
// It follows the log: a payment that was started is asked for at the provider until an address to pay at is known, and,
// when no event comes, looked up until its result is; a refund that is due is asked for until it is done. What the
// provider says comes back as commands to the cell, so the log stays the only truth: after a restart, the open payments
// and due refunds of the log are taken up again, with the same idempotency keys. They are saved with the views, so that
// they wait for the log's newest events only.
//
// Nothing is begun for a hold that is over: what was not begun by then is looked up, and if the provider knows nothing
// of it for long enough it has failed. Not at once: what another server, or this one, has asked for may still be on its
// way, and who has paid what was then begun must not be forgotten.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "auth/sealed_id.h"
#include "cell/port.h"
#include "platform/outbound/payment.h"
#include "sale/api/payment_name.h"
#include "sale/machine/machine.h"
#include "sale/views/directory.h"
#include "sale/views/projection.h"

namespace doorbuster::sale {

struct PaymentOutboxOptions {
  const Clock* wall = nullptr;  // what the provider's signatures are held against; null: the outboxes' clock
  std::string return_url;       // customers come back here; the order's id is appended
  Duration retry_after = Duration::seconds(1);     // doubles with every attempt, to a minute
  Duration look_up_after = Duration::seconds(30);  // a payment of which nothing was heard
  Duration on_its_way = Duration::seconds(600);    // a request to begin one arrives by then, or never
  std::function<void(const std::string&)> on_trouble;
  size_t commands_under_way = 1'024;   // to the cell, at once
  std::function<void()> wake = [] {};  // there may be something for turn(), on any thread
};

class PaymentOutbox final : public Projection {
 public:
  // The provider outlives the last turn(); everything else outlives the outbox.
  PaymentOutbox(PaymentOutboxOptions options, platform::PaymentProvider& provider, const Directory& directory,
                const auth::IdSealer& ids, const Clock& clock);

  // To be attached to the cell.
  [[nodiscard]] cell::Port<Machine>& port() { return port_; }
  // Several times a second, and after a wake: tells the cell what was heard, and asks the provider for what is due. One
  // thread.
  void turn();

  // Where the customer has to go to pay; nothing while the provider has not said. Any thread.
  [[nodiscard]] std::optional<std::string> redirect_of(HoldNumber hold, uint8_t attempt) const;
  // What is kept of a provider's reference: fields in the log are short, whatever a provider sends.
  [[nodiscard]] static std::string shortened(const std::string& text);

  using Projection::on;
  void on(const HoldExpired& event, const EventPlace& place) override;
  void on(const HoldReleased& event, const EventPlace& place) override;
  void on(const PaymentStarted& event, const EventPlace& place) override;
  void on(const PaymentSucceeded& event, const EventPlace& place) override;
  void on(const PaymentFailed& event, const EventPlace& place) override;
  void on(const PaymentLate& event, const EventPlace& place) override;
  void on(const RefundDone& event, const EventPlace& place) override;
  void on(const MoneyUnexpected& event, const EventPlace& place) override;
  void on(const MoneyReturned& event, const EventPlace& place) override;
  void on(const SaleArchived& event, const EventPlace& place) override;
  void on_caught_up() override;
  void save(StateSaver& out) const override;
  void load(StateLoader& in) override;
  void clear() override;

  // For metrics.
  struct Backlog {
    size_t payments_open = 0;
    size_t refunds_due = 0;
    uint64_t unexpected = 0;  // payments since the start that bought nothing
  };
  [[nodiscard]] Backlog backlog() const;

 private:
  enum class Need : uint8_t { kAddress, kResult, kRefund };
  // One payment, or one refund, that is not over.
  struct Task {
    SaleNumber sale;
    HoldNumber hold;
    uint8_t attempt = 0;
    Need need = Need::kAddress;
    bool is_over = false;  // the hold is
    bool is_sure = true;   // that it was not over when this was heard of
    Timestamp due;
    std::optional<Timestamp> unknown_since;  // to the provider, of one whose hold is over
    uint32_t tries = 0;
    bool calling = false;
    std::string redirect_url;
    PaymentName named = PaymentName::kByOrder;
    AnnotationsBox annotations;  // of the order; of a refund none
    uint64_t payment = 0;        // of a refund of money that was unexpected: which it is, and how much of what
    Money paid;
    std::string reference;
    std::optional<TraceContext> trace;  // of the request because of which it is there
  };
  struct Key {
    uint64_t hold = 0;  // packed
    uint8_t attempt = 0;
    uint64_t payment = 0;
    auto operator<=>(const Key&) const = default;
  };

  // What is saved of a task.
  struct Owed {
    SaleNumber sale;
    HoldNumber hold;
    uint8_t attempt = 0;
    bool is_refund = false;
    bool is_over = false;
    PaymentName named = PaymentName::kByOrder;
    AnnotationsBox annotations = {};
    uint64_t payment = 0;
    Money paid = {0, Currency("XXX")};
    std::string reference = {};
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      archive(self.sale, self.hold, self.attempt, self.is_refund, self.is_over, self.named, self.annotations,
              self.payment, self.paid, self.reference);
    }
  };

  [[nodiscard]] static Key key_of(const Task& task) { return {task.hold.packed(), task.attempt, task.payment}; }
  void add(Task&& task);
  void remove(const Key& key);
  void note_over(HoldNumber hold);
  void call_provider(const Task& task);
  void ask_for_address(const Task& task, const Settings& sale);
  void ask_for_result(const Task& task);
  void ask_for_refund(const Task& task, const Money& amount);
  void ask_cell(const Task& task);
  void hear_from_cell(const cell::Port<Machine>::Answer& answer);
  void again_later(const Key& key);
  void enqueue(const Task& task, PaymentResult result, const std::string& reference, const Money& paid);
  void enqueue_failure(const Task& task, const std::string& reference);
  [[nodiscard]] bool never_was(const Key& key);
  void send_commands();
  void submit_outgoing();
  [[nodiscard]] std::string name_of_payment(const Task& task) const {
    return name_of({task.sale, task.hold, task.attempt, task.named}, ids_);
  }

  const PaymentOutboxOptions options_;
  platform::PaymentProvider& provider_;
  const Directory& directory_;
  const auth::IdSealer& ids_;
  const Clock& clock_;
  cell::Port<Machine> port_;

  mutable std::mutex mutex_;
  bool caught_up_ = false;
  Timestamp round_at_;  // the time of the last round
  std::map<Key, Task> tasks_;
  struct Outgoing {
    Command command;
    std::optional<TraceContext> trace;
    uint64_t ticket = 0;  // of a question whose answer is waited for
  };
  std::vector<Outgoing> outgoing_;  // for the cell
  std::map<uint64_t, Key> asked_;   // of the cell, by ticket
  uint64_t tickets_ = 0;
  uint64_t unexpected_ = 0;
};

}  // namespace doorbuster::sale
