// What the guard answers those whom it does not let pass.
#pragma once

#include "guard/challenge.h"
#include "guard/policy.h"
#include "platform/api/call.h"

namespace doorbuster::guard {

inline constexpr std::string_view kChallengePath = "/api/v1/guard/challenge";
inline constexpr std::string_view kForSuspects = "suspects";  // ?for=
inline constexpr std::string_view kForDraw = "draw";

// 429. `challenge`: one for these may be solved in place of waiting.
void respond_rate(const platform::Call& call, ChargedTo whom, Duration retry_after,
                  std::optional<ChallengePool::For> challenge);
// 429: strangers join a draw shortly before it.
void respond_not_yet(const platform::Call& call, Duration retry_after);
// 403, with where to get a challenge; that of a suspect is dearer.
void respond_challenge_needed(const platform::Call& call, ChallengePool::For whom);
void respond_bad_solution(const platform::Call& call, SolutionStatus status);
// 403 or 451.
void respond_country(const platform::Call& call, Country country, CountryRefusal refusal);
// 403, and 503 with a Retry-After that never ends.
void respond_denied(const platform::Call& call);
void respond_tarpit(const platform::Call& call);

}  // namespace doorbuster::guard
