// One client: who they are at the moment (an account of the shop, a guest's cookie, nobody yet), how their requests
// look, and how they get past the guard. People do what a page does for them; bots do whatever is quickest.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/prng.h"
#include "stampede/context.h"
#include "stampede/task.h"

namespace doorbuster::stampede {

struct Call {
  std::string_view method = "GET";
  std::string path;
  std::string body = {};
  std::string_view content_type = {};
  std::string key = {};       // Idempotency-Key
  std::string solution = {};  // of a challenge
  std::string bearer = {};    // in place of one's own
  std::string cookie = {};    // the same
  bool takes = false;         // a place or a unit, which is worth nothing once all is over
};

class Shopper {
 public:
  // All outlive it.
  Shopper(Context& context, const Visitor& visitor, ClientNumber number);

  // One request as it is, and its answer. The call outlives the task.
  [[nodiscard]] Task<Answer> ask(const Call& call);
  // The same as often as it takes until the answer is not the guard's, the server is not busy, or all is over.
  [[nodiscard]] Task<Answer> insist(Call call);

  // Gives the call the solution of a new challenge; none where there is none until the moment at which the call passes
  // without. The call outlives the task.
  [[nodiscard]] Task<> solve(Call& call, std::string where, Timestamp passes_at);

  // Whoever the next requests come from is somebody new to the server: a new guest, or the account again.
  void begin_session();
  // The session has something that it would lose with its cookie.
  void keep_session() { may_forget_ = false; }

  // They have a place only from then on.
  void delayed_until(Timestamp when);

  [[nodiscard]] Engine::Sleep pause(Duration duration) { return sleep_until(context_.engine.now() + duration); }
  [[nodiscard]] Engine::Sleep sleep_until(Timestamp due);
  // Between the two, in seconds.
  [[nodiscard]] Duration within(double least, double most);
  [[nodiscard]] bool in_hundred(uint32_t percent) { return random_.below(100) < percent; }

  [[nodiscard]] Context& context() { return context_; }
  [[nodiscard]] const Visitor& visitor() const { return visitor_; }
  [[nodiscard]] const Cohort& cohort() const { return cohort_; }
  [[nodiscard]] CohortTally& tally() { return context_.tally.of(visitor_.cohort); }
  [[nodiscard]] Prng& random() { return random_; }
  [[nodiscard]] std::string fresh_key();
  [[nodiscard]] std::string sale_path() const { return "/api/v1/sales/" + context_.sale; }
  [[nodiscard]] Way way() const { return way_; }
  [[nodiscard]] Belongings& belongings() { return belongings_; }
  // What they have so far is seen by somebody else, if they are one of those whose tokens leak.
  void leak();

  // Sends it elsewhere than to the server, uncounted: where one pays.
  [[nodiscard]] Task<Answer> ask_elsewhere(const Call& call, std::string url);

 private:
  [[nodiscard]] WireRequest wire(const Call& call) const;
  [[nodiscard]] bool is_refused(const Answer& answer) const;
  [[nodiscard]] Task<> get_past(Call& call, const Answer& refusal);
  [[nodiscard]] bool forgets_cookie(const Answer& refusal);
  [[nodiscard]] bool moves(Duration refused_for);
  [[nodiscard]] uint32_t source() const;
  [[nodiscard]] bool is_worth_solving(std::string_view challenge, Duration wait) const;
  // With the machines that all bots share.
  [[nodiscard]] Duration time_to_solve(std::string_view challenge) const;
  [[nodiscard]] bool goes_without_scripts(const Call& call, std::string_view challenge) const;
  // Where strangers are told to join later: people come when they are told, bots the moment they may.
  [[nodiscard]] Duration until_draw_begins() const;
  void note(Way way) { way_ = std::max(way_, way); }
  [[nodiscard]] std::string prefix() const;
  [[nodiscard]] std::string subject() const;  // at the shop
  [[nodiscard]] std::string mint() const;
  [[nodiscard]] std::string page();

  Context& context_;
  const Visitor& visitor_;
  const Cohort& cohort_;
  const ClientNumber number_;
  Prng random_;
  const std::string page_;
  Belongings belongings_;
  size_t stolen_index_ = SIZE_MAX;
  bool may_forget_ = true;
  uint32_t address_choice_ = 0;
  Way way_ = Way::kUnhindered;
  Timestamp intended_;  // when the next request is meant to be sent
};

}  // namespace doorbuster::stampede
