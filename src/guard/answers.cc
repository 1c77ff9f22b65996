#include "guard/answers.h"

#include <array>
#include <string>
#include <vector>

#include "base/assert.h"
#include "net/problem.h"
#include "platform/api/problems.h"

namespace doorbuster::guard {
namespace {

// Who is over a rate of misses is answered by the service that was asked.
constexpr std::array<std::string_view, static_cast<size_t>(ChargedTo::kMisses)> kRateDetails = {
    "Too many requests came from this address. Slow down; whoever is signed in at the shop is not counted with it.",
    "Too many requests came from the network of this address. Slow down; whoever is signed in at the shop is not "
    "counted with it.",
    "You ask too often. Slow down: nobody gets ahead by asking again.",
    "You ask too often. Slow down: nobody gets ahead by asking again.",
    "This address asks for more challenges than people can solve. Solve the one that you have.",
    "As much as one customer, or one address, may have at once without paying was reserved here and is not paid for. "
    "Pay, or wait; whoever is signed in at the shop is not counted with their address.",
    "As much as may be reserved at once without paying was reserved in the network of this address and is not paid "
    "for. Pay, or wait; whoever is signed in at the shop is not counted with it."};

constexpr std::array<std::string_view, static_cast<size_t>(SolutionStatus::kUsed) + 1> kSolutionDetails = {
    "",
    "The field Altcha has to hold what ALTCHA's widget made of a challenge of this server.",
    "The challenge in the field Altcha is not one of this server's.",
    "The challenge in the field Altcha has expired: ask for a new one.",
    "The solution in the field Altcha is wrong.",
    "The challenge in the field Altcha was used before: ask for a new one."};

constexpr std::string_view kSuspectsPath = "/api/v1/guard/challenge?for=suspects";
constexpr std::string_view kDrawPath = "/api/v1/guard/challenge?for=draw";

constexpr std::string_view kTarpitSeconds = "60";

std::string_view path_for(ChallengePool::For whom) {
  switch (whom) {
    case ChallengePool::For::kAnybody:
      return kChallengePath;
    case ChallengePool::For::kSuspect:
      return kSuspectsPath;
    case ChallengePool::For::kDraw:
      return kDrawPath;
  }
  ASSERT(false);
}

void ask_for_solution(const platform::Call& call, std::string_view slug, std::string_view title,
                      std::string_view detail, std::string_view challenge = kChallengePath) {
  net::respond(call.exchange,
               {.status = net::Status::kForbidden,
                .slug = slug,
                .title = title,
                .detail = detail,
                .instance = call.request.path(),
                .members = {{"challenge", challenge}}},
               {{"Cache-Control", "no-store"}});
}

// One for each of whom it is charged to.
std::vector<net::PreparedProblem> rate_problems() {
  std::vector<net::PreparedProblem> problems;
  for (const std::string_view detail : kRateDetails) {
    problems.emplace_back(net::Problem{.status = net::Status::kTooManyRequests,
                                       .slug = "too-many-requests",
                                       .title = "Too many requests",
                                       .detail = detail});
  }
  return problems;
}

}  // namespace

void respond_rate(const platform::Call& call, ChargedTo whom, Duration retry_after,
                  std::optional<ChallengePool::For> challenge) {
  static const std::vector<net::PreparedProblem> problems = rate_problems();
  const net::PreparedProblem& problem = problems[static_cast<size_t>(whom)];
  const std::string seconds = std::to_string(retry_after.whole_seconds() + 1);
  const net::HeaderList headers{{"Retry-After", seconds}, {"Cache-Control", "no-store"}};
  if (!challenge) return net::respond(call.exchange, problem, call.request.path(), {}, headers);
  net::respond(call.exchange, problem, call.request.path(), {{"challenge", path_for(*challenge)}}, headers);
}

void respond_challenge_needed(const platform::Call& call, ChallengePool::For whom) {
  ask_for_solution(call, "challenge-needed", "Proof of work needed",
                   "Solve the challenge, and ask again with the solution in the field Altcha.", path_for(whom));
}

void respond_not_yet(const platform::Call& call, Duration retry_after) {
  const std::string seconds = std::to_string(retry_after.whole_seconds() + 1);
  net::respond(
      call.exchange,
      {.status = net::Status::kTooManyRequests,
       .slug = "join-later",
       .title = "Join shortly before the draw",
       .detail = "Places are drawn, so coming early brings nothing. Without a token of the shop you join in the "
                 "last seconds before: ask again then.",
       .instance = call.request.path(),
       .members = {}},
      {{"Retry-After", seconds}, {"Cache-Control", "no-store"}});
}

void respond_bad_solution(const platform::Call& call, SolutionStatus status) {
  ask_for_solution(call, "solution-refused", "Not a solution", kSolutionDetails[static_cast<size_t>(status)]);
}

void respond_country(const platform::Call& call, Country country, CountryRefusal refusal) {
  const std::string_view code(country.data(), country.size());
  const std::string detail =
      country == kUnknownCountry
          ? "This is not for everybody everywhere, and in which country your address is could not be told."
          : "This is not for the country that your address is in, " + std::string(code) + ".";
  net::respond(call.exchange,
               {.status = refusal == CountryRefusal::kLegalReasons ? net::Status::kUnavailableForLegalReasons
                                                                   : net::Status::kForbidden,
                .slug = "country-refused",
                .title = "Not in your country",
                .detail = detail,
                .instance = call.request.path(),
                .members = {{"country", code}}},
               {{"Cache-Control", "no-store"}});
}

void respond_denied(const platform::Call& call) {
  platform::respond_problem(
      call.exchange, call.request.path(), net::Status::kForbidden, "denied", "Refused",
      "This request looks like a program's. If you are a person, sign in at the shop, or ask it.");
}

void respond_tarpit(const platform::Call& call) {
  net::respond(call.exchange,
               {.status = net::Status::kServiceUnavailable,
                .slug = "come-back",
                .title = "Come back later",
                .detail = "You are asked to come back later.",
                .instance = call.request.path(),
                .members = {}},
               {{"Retry-After", kTarpitSeconds}, {"Cache-Control", "no-store"}});
}

}  // namespace doorbuster::guard
