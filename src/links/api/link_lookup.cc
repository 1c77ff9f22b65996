#include "links/api/link_lookup.h"

#include <string>

#include "links/api/block_answers.h"
#include "net/problem.h"
#include "platform/api/plain_page.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

constexpr std::string_view kNoSuchLink = "No such link";
constexpr std::string_view kMistyped = "Nothing is to be found at this address. It may be mistyped.";
constexpr std::string_view kTooManyMisses = "Too many unknown links";
constexpr std::string_view kWaitAWhile =
    "From this address or its network too many short links were asked for that are not there. Try again in a while.";

void respond_too_many_misses(const platform::Call& call, Duration wait) {
  static const net::PreparedProblem problem(net::Problem{.status = net::Status::kTooManyRequests,
                                                         .slug = "too-many-unknown-links",
                                                         .title = kTooManyMisses,
                                                         .detail = kWaitAWhile});
  const std::string seconds = std::to_string(wait.whole_seconds() + 1);
  if (platform::wants_page(call)) {
    return platform::respond_page(call.exchange, net::Status::kTooManyRequests, kTooManyMisses, kWaitAWhile,
                                  {{"Retry-After", seconds}});
  }
  net::respond(call.exchange, problem, call.request.path(), {},
               net::HeaderList{{"Retry-After", seconds}, {"Cache-Control", "no-store"}});
}

}  // namespace

void respond_no_link(net::Exchange& exchange, std::string_view path, bool as_page) {
  if (as_page) return platform::respond_page(exchange, net::Status::kNotFound, kNoSuchLink, kMistyped);
  platform::respond_problem(exchange, path, net::Status::kNotFound, "link-not-found", kNoSuchLink, kMistyped);
}

void respond_no_link(const platform::Call& call) {
  respond_no_link(call.exchange, call.request.path(), platform::wants_page(call));
}

void respond_link_unreadable(net::Exchange& exchange, std::string_view path) {
  platform::respond_busy(exchange, path, "link-unreadable", "The link can't be read at the moment.");
}

const LinkCache::Known* LinkLookup::find(const platform::Call& call, std::string_view code) {
  const bool is_guess = !links_.remembers(code);
  if (is_guess) {
    if (const auto wait = gate_.wait_before_guess(call)) {
      traffic_.note(VisitResult::kRefused);
      respond_too_many_misses(call, *wait);
      return nullptr;
    }
  }
  const auto known = links_.find(code);
  if (!known) {
    traffic_.note(VisitResult::kFailed);
    respond_link_unreadable(call.exchange, call.request.path());
    return nullptr;
  }
  if (*known == nullptr) {
    if (is_guess) gate_.note_miss(call);
    traffic_.note_unknown(code, call.now);
    respond_no_link(call);
    return nullptr;
  }
  if (!(*known)->block) return *known;
  traffic_.note(VisitResult::kBlocked);
  respond_blocked(call.exchange, call.request.path(), platform::wants_page(call), *(*known)->block, base_);
  return nullptr;
}

const LinkCache::Known* LinkLookup::find_again(net::Exchange& exchange, std::string_view code, bool as_page) {
  const std::string path = "/" + std::string(code);
  const auto known = links_.find(code);
  if (!known) {
    traffic_.note(VisitResult::kFailed);
    respond_link_unreadable(exchange, path);
    return nullptr;
  }
  if (*known == nullptr) {
    traffic_.note(VisitResult::kUnknown);
    respond_no_link(exchange, path, as_page);
    return nullptr;
  }
  if (!(*known)->block) return *known;
  traffic_.note(VisitResult::kBlocked);
  respond_blocked(exchange, path, as_page, *(*known)->block, base_);
  return nullptr;
}

}  // namespace doorbuster::links
