#include "links/api/redirects.h"

#include "base/crypto.h"
#include "links/api/alias.h"
#include "links/api/link_calls.h"
#include "links/api/password_page.h"
#include "platform/api/plain_page.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

constexpr std::string_view kOver = "This link is over";
constexpr std::string_view kExpired = "It was good until a time that has passed.";
constexpr std::string_view kUsedUp = "As many have followed it as might.";

void respond_over(net::Exchange& exchange, std::string_view path, std::string_view why, bool as_page) {
  if (as_page) return platform::respond_page(exchange, net::Status::kGone, kOver, why);
  platform::respond_problem(exchange, path, net::Status::kGone, "link-over", kOver, why);
}

void respond_onwards(net::Exchange& exchange, net::Status status, std::string_view destination) {
  exchange.respond(net::Response{.status = status,
                                 .headers = {{"Location", destination}, {"Cache-Control", kRedirectCacheControl}}});
}

std::string path_of(std::string_view code) { return "/" + std::string(code_in(code)); }

Click plain_click(const Link& link) { return {.link = link.number, .referrer = {}}; }

// Programs and those who only look take nothing of what people may still have.
Visit visit_of(const Click& click, bool is_click, uint64_t visits_max, const std::string& code) {
  return {.click = click,
          .visits_max = visits_max,
          .kind = !is_click                        ? Visit::Kind::kLook
                  : click.visitor == Visitor::kBot ? Visit::Kind::kBesides
                                                   : Visit::Kind::kTakesOne,
          .code = code};
}

}  // namespace

Redirects::Redirects(net::Loop& loop, LinksClient& cell, LinkLookup& links, ClickRecorder& clicks, ClickReader& reader,
                     PasswordQueue& passwords, platform::Gate& gate, LinkTraffic& traffic)
    : loop_(loop),
      cell_(cell),
      links_(links),
      clicks_(clicks),
      reader_(reader),
      passwords_(passwords),
      gate_(gate),
      traffic_(traffic),
      owner_(cell.add_owner([this](const LinksClient::Answer& answer) { take_visit(answer); })) {}

const LinkCache::Known* Redirects::open_link(const platform::Call& call) {
  const LinkCache::Known* const known = links_.find(call, call.parameter(0));
  if (known == nullptr) return nullptr;
  const Link& link = known->link;
  if (link.valid_since && *link.valid_since > call.now) {
    traffic_.note(VisitResult::kUnknown);
    links_.respond_nobodys(call);
    return nullptr;
  }
  if (link.expires_at && *link.expires_at <= call.now) {
    traffic_.note(VisitResult::kOver);
    respond_over(call.exchange, call.request.path(), kExpired, platform::wants_page(call));
    return nullptr;
  }
  return known;
}

void Redirects::follow(const platform::Call& call) {
  const LinkCache::Known* known = open_link(call);
  if (known == nullptr) return;
  const Link& link = known->link;
  if (known->routing != nullptr) {
    if (!link.password_hash.empty()) return respond_password_needed(call);
    return send_on(call.exchange, way_of(call, *known));
  }
  const std::optional<Click> click = reader_.read(call.request, link.number, call.now);
  if (link.visits_max) {
    return ask_for_visit(call.exchange,
                         visit_of(click.value_or(plain_click(link)), click.has_value(), *link.visits_max, known->code),
                         {.code = known->code,
                          .wants_page = platform::wants_page(call),
                          .since = call.now,
                          .clicked_from = click ? std::optional(click->country) : std::nullopt,
                          .domain = known->domain});
  }
  call.exchange.respond(known->redirect);
  traffic_.note_sent_on(call.now);
  if (!click) return;
  clicks_.note(*click);
  traffic_.note_click(click->country, known->domain, call.now);
}

// Whoever is not told apart from others, because they ask for that or are a program, gets a variant by chance each
// time.
Redirects::Way Redirects::way_of(const platform::Call& call, const LinkCache::Known& known) {
  const Link& link = known.link;
  const auto seen = reader_.look(call.request, link.number, call.now);
  Way way{.click = seen.click,
          .is_click = seen.is_click,
          .visits_max = link.visits_max,
          .onwards = {.code = known.code,
                      .wants_page = platform::wants_page(call),
                      .status = static_cast<net::Status>(link.redirect_status),
                      .since = call.now,
                      .clicked_from = seen.is_click ? std::optional(seen.click.country) : std::nullopt,
                      .domain = known.domain}};
  if (known.routing == nullptr) {
    way.onwards.destination = destination_of(link);
    return way;
  }
  const uint64_t hash = seen.click.visitor_hash;
  const auto choice = known.routing->choose(seen.facts, hash == kNoVisitorHash ? random_number() : hash);
  if (choice.variant != nullptr) way.click.variant = variant_key(choice.variant->name);
  way.onwards.destination = known.routing->destination_of(choice, call.request.query());
  return way;
}

void Redirects::send_on(net::Exchange& exchange, Way way) {
  if (way.visits_max) {
    const Visit question = visit_of(way.click, way.is_click, *way.visits_max, way.onwards.code);
    return ask_for_visit(exchange, question, std::move(way.onwards));
  }
  respond_onwards(exchange, way.onwards.status, way.onwards.destination);
  note_sent_on(way.onwards);
  if (way.is_click) clicks_.note(way.click);
}

void Redirects::note_sent_on(const Waiting& visitor) {
  traffic_.note_sent_on(visitor.since);
  if (visitor.clicked_from) traffic_.note_click(*visitor.clicked_from, visitor.domain, visitor.since);
}

void Redirects::unlock(const platform::Call& call) {
  const LinkCache::Known* known = open_link(call);
  if (known == nullptr) return;
  const bool is_locked = !known->link.password_hash.empty();
  Form form{.password = form_value(call.request.body(), kPasswordField).value_or(""),
            .referrer = form_value(call.request.body(), kReferrerField).value_or("")};
  if (is_locked && form.password.empty()) return respond_password_needed(call);
  if (!gate_.pass(call, {.action = platform::Action::kChange, .scope = known->code, .asker = {}, .can_work = false}))
    return;
  Way way = way_of(call, *known);
  way.click.referrer = reader_.referrer(form.referrer);
  way.onwards.status = net::Status::kSeeOther;
  if (is_locked) return check(call, *known, form, std::move(way));
  send_on(call.exchange, std::move(way));
}

void Redirects::check(const platform::Call& call, const LinkCache::Known& known, const Form& form, Way way) {
  const bool as_page = way.onwards.wants_page;
  const net::Ticket ticket = call.exchange.defer();
  const auto then = [this, ticket, way = std::move(way), referrer = form.referrer](const PasswordAnswer& answer) {
    net::Exchange* exchange = loop_.resume(ticket);
    if (exchange == nullptr) return;  // they have gone
    if (answer.fits) return send_on(*exchange, way);
    respond_password_wrong(*exchange, path_of(way.onwards.code), way.onwards.wants_page, referrer);
  };
  const auto status = passwords_.submit(
      {.secret = form.password, .hash = known.link.password_hash, .network = gate_.sender_of(call.request).network()},
      call.now, then);
  if (status == PasswordWorker::Status::kTaken) return;
  net::Exchange* exchange = loop_.resume(ticket);
  ASSERT(exchange != nullptr);  // nobody has come in between
  if (status == PasswordWorker::Status::kTooOften)
    return respond_too_many_guesses(*exchange, call.request.path(), as_page);
  platform::respond_busy(*exchange, call.request.path(), "busy", "Too many come at once: try again.");
}

void Redirects::ask_for_visit(net::Exchange& exchange, const Visit& question, Waiting waiting) {
  const std::string path = path_of(waiting.code);
  const uint32_t index = waiting_.put(std::move(waiting));
  if (!cell_.submit(kLine, owner_, index, question)) {
    waiting_.remove(index);
    traffic_.note(VisitResult::kFailed);
    return platform::respond_busy(exchange, path, "busy", "Too many come at once: try again.");
  }
  waiting_[index].exchange = exchange.defer();
}

void Redirects::take_visit(const LinksClient::Answer& answer) {
  const auto index = static_cast<uint32_t>(answer.ticket.value);
  const Waiting waiting = waiting_[index];
  waiting_.remove(index);
  net::Exchange* exchange = loop_.resume(waiting.exchange);
  if (exchange == nullptr) return;  // they have gone: the visit counts
  const std::string path = path_of(waiting.code);
  if (answer.status != cell::ReplyStatus::kDecided) {
    traffic_.note(VisitResult::kFailed);
    return platform::respond_undecided(*exchange, path, answer.status);
  }
  if (!answer.reply.is_allowed) {
    traffic_.note(VisitResult::kOver);
    return respond_over(*exchange, path, kUsedUp, waiting.wants_page);
  }
  const LinkCache::Known* const known = links_.find_again(*exchange, waiting.code, waiting.wants_page);
  if (known == nullptr) return;
  if (!waiting.destination.empty()) {
    respond_onwards(*exchange, waiting.status, waiting.destination);
  } else if (known->routing == nullptr) {
    exchange->respond(known->redirect);
  } else {
    traffic_.note(VisitResult::kFailed);
    return respond_link_unreadable(*exchange, path);  // it has rules since it was asked for
  }
  note_sent_on(waiting);
}

void follow_link(const platform::Call& call, Redirects& redirects, LinkLookup& links, const LinkBase& base) {
  constexpr std::string_view kPreview = "+";
  constexpr std::string_view kQr = ".qr";
  const std::string_view code = call.parameter(0);
  if (has_form_of_code(code)) return redirects.follow(call);
  for (const auto& [suffix, show] : {std::pair{kPreview, &show_preview}, std::pair{kQr, &show_qr}}) {
    const std::string_view before = code.substr(0, code.size() - std::min(suffix.size(), code.size()));
    if (code.ends_with(suffix) && has_form_of_code(before)) return show(call, before, base, links);
  }
  links.respond_nobodys(call);
}

void unlock_link(const platform::Call& call, Redirects& redirects, LinkLookup& links, ReportChanges& reports) {
  std::string_view code = call.parameter(0);
  if (has_form_of_code(code)) return redirects.unlock(call);
  const bool is_preview = code.ends_with('+');
  if (is_preview) code.remove_suffix(1);
  if (is_preview && has_form_of_code(code)) return report_link(call, code, links, reports);
  respond_no_link(call);
}

}  // namespace doorbuster::links
