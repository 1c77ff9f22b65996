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

// The path names a link itself, and neither its preview nor its picture.
bool wants_to_follow(const platform::Call& call) {
  const bool looks = call.request.method() == net::Method::kGet || call.request.method() == net::Method::kHead;
  return looks && !call.request.path().ends_with('+') && !call.request.path().ends_with(".qr");
}

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

void LinkLookup::respond_nobodys(const platform::Call& call) const {
  const std::string& instead = base_.not_found_url(base_.asked_by(call.request));
  if (instead.empty() || !wants_to_follow(call)) return respond_no_link(call);
  call.exchange.respond(net::Response{.status = net::Status::kFound,
                                      .headers = {{"Location", instead}, {"Cache-Control", kRedirectCacheControl}}});
}

const LinkCache::Known* LinkLookup::find(const platform::Call& call, std::string_view code_there) {
  const std::string_view domain = base_.asked_by(call.request);
  const std::string on_domain = domain.empty() ? std::string() : code_on(domain, code_there);
  const std::string_view code = domain.empty() ? code_there : on_domain;
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
    respond_nobodys(call);
    return nullptr;
  }
  if (!(*known)->block) return *known;
  traffic_.note(VisitResult::kBlocked);
  respond_blocked(call.exchange, call.request.path(), platform::wants_page(call), *(*known)->block,
                  base_.base_of(domain_in(code)));
  return nullptr;
}

const LinkCache::Known* LinkLookup::find_again(net::Exchange& exchange, std::string_view code, bool as_page) {
  const std::string path = "/" + std::string(code_in(code));
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
  respond_blocked(exchange, path, as_page, *(*known)->block, base_.base_of(domain_in(code)));
  return nullptr;
}

}  // namespace doorbuster::links
