#include "links/api/redirects.h"

#include "links/api/alias.h"
#include "links/api/link_calls.h"
#include "platform/api/plain_page.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

constexpr std::string_view kNoSuchLink = "No such link";
constexpr std::string_view kOver = "This link is over";
constexpr std::string_view kMistyped = "Nothing is to be found at this address. It may be mistyped.";
constexpr std::string_view kExpired = "It was good until a time that has passed.";
constexpr std::string_view kUsedUp = "As many have followed it as might.";

void respond_over(net::Exchange& exchange, std::string_view path, std::string_view why, bool as_page) {
  if (as_page) return platform::respond_page(exchange, net::Status::kGone, kOver, why);
  platform::respond_problem(exchange, path, net::Status::kGone, "link-over", kOver, why);
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

Redirects::Redirects(net::Loop& loop, LinksClient& cell, LinkCache& links, ClickRecorder& clicks, ClickReader& reader)
    : loop_(loop),
      cell_(cell),
      links_(links),
      clicks_(clicks),
      reader_(reader),
      owner_(cell.add_owner([this](const LinksClient::Answer& answer) { take_visit(answer); })) {}

void Redirects::follow(const platform::Call& call) {
  const auto known = links_.find(call.parameter(0));
  if (!known) return respond_link_unreadable(call.exchange, call.request.path());
  const Link& link = (*known)->link;
  if (!(*known)->is_there || (link.valid_since && *link.valid_since > call.now)) return respond_no_link(call);
  if (link.expires_at && *link.expires_at <= call.now)
    return respond_over(call.exchange, call.request.path(), kExpired, platform::wants_page(call));
  const std::optional<Click> click = reader_.read(call.request, link.number, call.now);
  if (link.visits_max) return ask_for_visit(call, **known, click);
  call.exchange.respond((*known)->redirect);
  if (click) clicks_.note(*click);
}

// Programs and those who only look take nothing of what people may still have.
void Redirects::ask_for_visit(const platform::Call& call, const LinkCache::Known& known,
                              const std::optional<Click>& click) {
  Visit question{.click = click.value_or(Click{.link = known.link.number, .referrer = {}}),
                 .visits_max = *known.link.visits_max};
  question.kind = !click                            ? Visit::Kind::kLook
                  : click->visitor == Visitor::kBot ? Visit::Kind::kBesides
                                                    : Visit::Kind::kTakesOne;
  const uint32_t index = waiting_.put({.exchange = {}, .code = known.code, .wants_page = platform::wants_page(call)});
  if (!cell_.submit(kLine, owner_, index, question)) {
    waiting_.remove(index);
    return platform::respond_busy(call.exchange, call.request.path(), "busy", "Too many come at once: try again.");
  }
  waiting_[index].exchange = call.exchange.defer();
}

void Redirects::take_visit(const LinksClient::Answer& answer) {
  const auto index = static_cast<uint32_t>(answer.ticket.value);
  const Waiting waiting = waiting_[index];
  waiting_.remove(index);
  net::Exchange* exchange = loop_.resume(waiting.exchange);
  if (exchange == nullptr) return;  // they have gone: the visit counts
  const std::string path = "/" + waiting.code;
  if (answer.status != cell::ReplyStatus::kDecided) return platform::respond_undecided(*exchange, path, answer.status);
  if (!answer.reply.is_allowed) return respond_over(*exchange, path, kUsedUp, waiting.wants_page);
  const auto known = links_.find(waiting.code);
  if (!known) return respond_link_unreadable(*exchange, path);
  if (!(*known)->is_there) return respond_no_link(*exchange, path, waiting.wants_page);
  exchange->respond((*known)->redirect);
}

void follow_link(const platform::Call& call, Redirects& redirects, LinkCache& links, const LinkBase& base) {
  constexpr std::string_view kPreview = "+";
  constexpr std::string_view kQr = ".qr";
  const std::string_view code = call.parameter(0);
  if (has_form_of_code(code)) return redirects.follow(call);
  for (const auto& [suffix, show] : {std::pair{kPreview, &show_preview}, std::pair{kQr, &show_qr}}) {
    const std::string_view before = code.substr(0, code.size() - std::min(suffix.size(), code.size()));
    if (code.ends_with(suffix) && has_form_of_code(before)) return show(call, before, base, links);
  }
  respond_no_link(call);
}

}  // namespace doorbuster::links
