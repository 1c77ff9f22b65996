#include "links/api/user_changes.h"

#include <utility>

#include "platform/api/problems.h"

namespace doorbuster::links {

void respond_too_many_keys(net::Exchange& exchange, std::string_view instance) {
  platform::respond_problem(exchange, instance, net::Status::kConflict, "too-many-keys", "As many keys as there may be",
                            "A user has 16 keys at most: take one away first.");
}

UserChanges::UserChanges(net::Loop& loop, LinkWriter& writer) : writer_(writer), answers_(loop, &respond) {}

void UserChanges::change(const platform::Call& call, UserChange change, Respond respond) {
  writer_.change_user(std::move(change),
                      [give = answers_.to(call.exchange.defer()), respond = std::move(respond),
                       instance = std::string(call.request.path())](const UserChange& changed, bool is_known) {
                        give({.change = changed, .is_known = is_known, .respond = respond, .instance = instance});
                      });
}

void UserChanges::respond(net::Exchange& exchange, Answer&& answer) {
  using Outcome = UserChange::Outcome;
  const auto refuse = [&](net::Status status, std::string_view slug, std::string_view title, std::string_view detail) {
    platform::respond_problem(exchange, answer.instance, status, slug, title, detail);
  };
  if (!answer.is_known) {
    return platform::respond_busy(exchange, answer.instance, "store-failed",
                                  "The store of links has failed, and can't say whether it was done. Look at the user "
                                  "once the server has been started again.");
  }
  switch (answer.change.outcome) {
    case Outcome::kDone:
      return answer.respond(exchange, answer.change);
    case Outcome::kMissing:
      return refuse(net::Status::kNotFound, "user-not-found", "No such user or key",
                    "GET /api/v1/users lists the users there are, and GET /api/v1/users/{user}/keys their keys.");
    case Outcome::kFull:
      return respond_too_many_keys(exchange, answer.instance);
    case Outcome::kTaken:
      return platform::respond_busy(exchange, answer.instance, "busy", "Ask again: nothing was done.");
    case Outcome::kOutdated:
      return refuse(net::Status::kPreconditionFailed, "user-changed", "The user was changed meanwhile",
                    "Read them again, and change what you read then.");
  }
}

void UserErasing::tick() {
  look_for_leavers();
  for (const uint64_t user : departures_.take()) leaving_.push_back(user);
  if (!leaving_.empty() && erase_some(leaving_.back())) leaving_.pop_back();
}

void UserErasing::look_for_leavers() {
  if (!looked_up_to_) return;
  const auto users = store_.list_users(*looked_up_to_, kUsersAtOnce);
  if (!users) return;  // again
  for (const User& user : *users) {
    if (user.state == UserState::kLeaving) leaving_.push_back(user.number);
  }
  looked_up_to_ = users->empty() ? std::nullopt : std::optional(users->back().number);
}

// Whether all is gone, or on its way. Links that were found before and are going meanwhile are found once more, and
// then gone already.
bool UserErasing::erase_some(uint64_t user) {
  const auto links = store_.list_of_owner(user, {}, kLinksAtOnce);
  if (!links) return false;
  for (const Link& link : *links) {
    if (!changes_.erase(link)) return false;
  }
  if (!links->empty()) return false;
  const auto leaver = store_.find_user(user);
  if (!leaver) return false;
  if (!*leaver) return true;
  UserChange change{.kind = UserChange::Kind::kErase, .user = **leaver};
  ++change.user.version;
  writer_.change_user(std::move(change), [](const UserChange&, bool) {});
  return true;
}

}  // namespace doorbuster::links
