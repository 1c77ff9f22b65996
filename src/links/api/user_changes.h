// Changes of users on their way through the writer, and what has to follow once somebody leaves: their links go, some
// at a time, and at last they themselves.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "links/api/link_changes.h"
#include "links/store/link_writer.h"
#include "platform/api/late_answers.h"

namespace doorbuster::links {

// 409: a user has as many keys as they may.
void respond_too_many_keys(net::Exchange& exchange, std::string_view instance);

class UserChanges {
 public:
  // All outlive it.
  UserChanges(net::Loop& loop, LinkWriter& writer);

  // Called on the reactor once what was asked for is durable, or can't be done.
  using Respond = std::function<void(net::Exchange&, const UserChange&)>;
  void change(const platform::Call& call, UserChange change, Respond respond);

 private:
  struct Answer {
    UserChange change;
    bool is_known = false;
    Respond respond;
    std::string instance;
  };
  static void respond(net::Exchange& exchange, Answer&& answer);

  LinkWriter& writer_;
  platform::LateAnswers<Answer> answers_;
};

// Who is leaving: told by any reactor, heard by the one that erases.
class Departures {
 public:
  void add(uint64_t user) {
    const std::lock_guard lock(mutex_);
    users_.push_back(user);
  }
  [[nodiscard]] std::vector<uint64_t> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(users_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<uint64_t> users_;
};

// Erases what is theirs, on one reactor. What a crash leaves is found at the next start.
class UserErasing {
 public:
  // All outlive it.
  UserErasing(const LinkStore& store, LinkWriter& writer, LinkChanges& changes, Departures& departures)
      : store_(store), writer_(writer), changes_(changes), departures_(departures) {}

  // Every few milliseconds, once the store is open.
  void tick();

 private:
  static constexpr size_t kLinksAtOnce = 64;
  static constexpr size_t kUsersAtOnce = 256;

  void look_for_leavers();
  [[nodiscard]] bool erase_some(uint64_t user);

  const LinkStore& store_;
  LinkWriter& writer_;
  LinkChanges& changes_;
  Departures& departures_;
  std::vector<uint64_t> leaving_;
  std::optional<uint64_t> looked_up_to_ = 0;  // of the users that there were at the start; nothing: at all of them
};

}  // namespace doorbuster::links
