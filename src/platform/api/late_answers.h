// Answers that are made on other threads, on their way back to those who wait for them on a reactor.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "net/loop.h"

namespace doorbuster::platform {

template <class Answer>
class LateAnswers {
 public:
  using Respond = std::function<void(net::Exchange&, Answer&&)>;

  // `respond` is called on the loop's thread, for those who are still there.
  LateAnswers(net::Loop& loop, Respond respond)
      : loop_(loop), respond_(std::move(respond)), inbox_(loop.add_inbox([this] { respond_ready(); })) {}

  // What another thread calls once with the answer for a deferred exchange. It may outlive the reactor's part for a
  // moment, but not the loop.
  [[nodiscard]] std::function<void(Answer&&)> to(net::Ticket exchange) {
    return [made = made_, &inbox = inbox_, exchange](Answer&& answer) {
      {
        const std::lock_guard lock(made->mutex);
        made->ready.emplace_back(exchange, std::move(answer));
      }
      inbox.notify();
    };
  }

 private:
  struct Made {
    std::mutex mutex;
    std::vector<std::pair<net::Ticket, Answer>> ready;
  };

  void respond_ready() {
    std::vector<std::pair<net::Ticket, Answer>> ready;
    {
      const std::lock_guard lock(made_->mutex);
      ready.swap(made_->ready);
    }
    for (auto& [ticket, answer] : ready) {
      if (net::Exchange* exchange = loop_.resume(ticket)) respond_(*exchange, std::move(answer));
    }
  }

  net::Loop& loop_;
  const Respond respond_;
  net::Inbox& inbox_;
  const std::shared_ptr<Made> made_ = std::make_shared<Made>();
};

}  // namespace doorbuster::platform
