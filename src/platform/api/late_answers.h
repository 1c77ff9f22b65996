// Answers that are made on other threads, on their way back to those who wait for them on a reactor.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "net/loop.h"

namespace doorbuster::platform {

// Each goes to whom a key names, on the loop's thread.
template <class Key, class Answer>
class HandBack {
 public:
  using Take = std::function<void(const Key&, Answer&&)>;

  HandBack(net::Loop& loop, Take take) : take_(std::move(take)), inbox_(loop.add_inbox([this] { take_ready(); })) {}

  // What another thread calls once with the answer for this key. It may outlive the reactor's part for a moment, but
  // not the loop.
  [[nodiscard]] std::function<void(Answer&&)> to(Key key) {
    return [made = made_, &inbox = inbox_, key](Answer&& answer) {
      {
        const std::lock_guard lock(made->mutex);
        made->ready.emplace_back(key, std::move(answer));
      }
      inbox.notify();
    };
  }

 private:
  struct Made {
    std::mutex mutex;
    std::vector<std::pair<Key, Answer>> ready;
  };

  void take_ready() {
    std::vector<std::pair<Key, Answer>> ready;
    {
      const std::lock_guard lock(made_->mutex);
      ready.swap(made_->ready);
    }
    for (auto& [key, answer] : ready) take_(key, std::move(answer));
  }

  const Take take_;
  net::Inbox& inbox_;
  const std::shared_ptr<Made> made_ = std::make_shared<Made>();
};

// The same for deferred exchanges: those who have gone get none.
template <class Answer>
class LateAnswers {
 public:
  using Respond = std::function<void(net::Exchange&, Answer&&)>;

  LateAnswers(net::Loop& loop, Respond respond)
      : answers_(loop, [&loop, respond = std::move(respond)](net::Ticket ticket, Answer&& answer) {
          if (net::Exchange* exchange = loop.resume(ticket)) respond(*exchange, std::move(answer));
        }) {}

  [[nodiscard]] std::function<void(Answer&&)> to(net::Ticket exchange) { return answers_.to(exchange); }

 private:
  HandBack<net::Ticket, Answer> answers_;
};

}  // namespace doorbuster::platform
