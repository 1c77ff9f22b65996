#include "links/api/take_down_calls.h"

#include <algorithm>

#include "base/json.h"
#include "base/json_writer.h"
#include "links/api/alias.h"
#include "links/api/link_cache.h"
#include "links/api/long_url.h"
#include "net/text.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using platform::Call;

constexpr size_t kDomainBytesMax = 253;
constexpr std::string_view kNoSuchTakeDown = "GET /api/v1/abuse/take-downs lists what is taken down.";

// Of a domain as people write it: in small letters, without a dot at its end.
void read_domain(const JsonValue& value, const RegistrableDomains& domains, TakeDown& wanted) {
  std::string domain(value.string({.min_bytes = 1, .max_bytes = kDomainBytesMax}));
  if (domain.ends_with('.')) domain.pop_back();
  const auto url = parse_long_url("https://" + domain + "/");
  const std::string_view host = url ? host_of(*url) : std::string_view();
  if (!url || *url != "https://" + std::string(host) + "/")
    return value.refuse("must be a host alone, such as bad.example or 192.0.2.1");
  if (domains.is_public_suffix(std::string(host)))
    return value.refuse("must not be a suffix below which anybody may register a name: name the domains themselves");
  wanted.of = TakeDownOf::kDomain;
  wanted.target = host;
}

Result<TakeDown> parse_take_down(std::string_view body, const LinkBase& base, const RegistrableDomains& domains) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  TakeDown wanted;
  const JsonValue code = root.optional("short_code");
  const JsonValue domain = root.optional("domain");
  const JsonValue link_domain = root.optional("link_domain");
  if (code.present()) wanted.target = code.string({.min_bytes = 1, .max_bytes = kAliasBytesMax});
  if (link_domain.present() && !link_domain.is_null())
    wanted.target = code_on(base.named(link_domain.string({.max_bytes = kLinkDomainBytesMax})), wanted.target);
  if (domain.present()) read_domain(domain, domains, wanted);
  wanted.reason = root.required("reason", "why, for other operators")
                      .string({.min_bytes = 1, .max_bytes = kTakeDownReasonBytesMax});
  const JsonValue notice = root.optional("notice");
  if (notice.present()) wanted.notice = notice.string({.max_bytes = kTakeDownNoticeBytesMax});
  TRY(document.finish());
  if (link_domain.present() && !code.present())
    return fail(ErrorCode::kInvalid, "link_domain says where the link with short_code is: name short_code, too.");
  if (code.present() == domain.present())
    return fail(ErrorCode::kInvalid, "Name either short_code or domain: one of them is taken down at a time.");
  return wanted;
}

std::string in_words(const TakeDown& take_down) {
  return (take_down.of == TakeDownOf::kLink ? "link " : "domain ") + take_down.target + ": " + take_down.reason;
}

void write_members(JsonWriter& json, const TakeDown& take_down) {
  const bool is_link = take_down.of == TakeDownOf::kLink;
  json.member("id", take_down.id);
  const std::string_view on = domain_in(take_down.target);
  json.member("short_code", is_link ? std::optional(code_in(take_down.target)) : std::nullopt);
  json.member("link_domain", is_link && !on.empty() ? std::optional(on) : std::nullopt);
  json.member("domain", is_link ? std::nullopt : std::optional(take_down.target));
  json.member("reason", take_down.reason);
  json.member("notice", take_down.notice.empty() ? std::nullopt : std::optional(take_down.notice));
  json.member("taken_down_at", take_down.at).member("taken_down_by", take_down.by);
}

// Answers 404, or 503, and returns false if there is no such link.
bool is_there(const Call& call, const LinkStore& store, const std::string& code) {
  const auto link = store.find(code);
  if (link && *link) return true;
  if (!link) {
    platform::respond_busy(call.exchange, call.request.path(), "store-failed", link.error().message);
  } else {
    platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "link-not-found",
                              "No such link", "GET /api/v1/urls lists the links there are.");
  }
  return false;
}

void respond_already(net::Exchange& exchange, std::string_view path) {
  platform::respond_problem(exchange, path, net::Status::kConflict, "already-taken-down", "It is taken down",
                            "To say it in other words, restore it and take it down again.");
}

void respond_missing(net::Exchange& exchange, std::string_view path) {
  platform::respond_problem(exchange, path, net::Status::kNotFound, "take-down-not-found", "No such take-down",
                            kNoSuchTakeDown);
}

// What an operator does is in the trail before it is done. Answers 503 and returns false if it can't be.
bool note_deed(const Call& call, platform::OperatorAuthenticator& operators, const std::string& actor,
               std::string_view action, const TakeDown& what) {
  const auto noted = operators.note(call, {.actor = actor, .action = action, .detail = in_words(what)});
  if (!noted) platform::respond_busy(call.exchange, call.request.path(), "store-failed", noted.error().message);
  return noted.has_value();
}

}  // namespace

TakeDownChanges::TakeDownChanges(net::Loop& loop, LinksClient& cell, const Clock& clock)
    : loop_(loop),
      cell_(cell),
      clock_(clock),
      owner_(cell.add_owner([this](const LinksClient::Answer& answer) { take(answer); })) {}

void TakeDownChanges::take_down(const Call& call, TakeDown wanted) {
  TakeDownTarget command{.wanted = wanted};
  submit(call, {.exchange = {}, .wanted = std::move(wanted), .instance = {}}, std::move(command));
}

void TakeDownChanges::restore(const Call& call, uint64_t id) {
  Waiting waiting{.exchange = {}, .wanted = {}, .is_restored = true, .instance = {}};
  waiting.wanted.id = id;
  submit(call, std::move(waiting), RestoreTarget{.take_down = id});
}

void TakeDownChanges::submit(const Call& call, Waiting waiting, LinksMachine::Command command) {
  waiting.instance = call.request.path();
  const uint32_t index = waiting_.put(std::move(waiting));
  if (!cell_.submit(kLine, owner_, index, std::move(command))) {
    waiting_.remove(index);
    return platform::respond_busy(call.exchange, call.request.path(), "busy",
                                  "The server has as much to do as it can: nothing was done.");
  }
  waiting_[index].exchange = call.exchange.defer();
}

void TakeDownChanges::take(const LinksClient::Answer& answer) {
  const auto index = static_cast<uint32_t>(answer.ticket.value);
  Waiting waiting = std::move(waiting_[index]);
  waiting_.remove(index);
  net::Exchange* const exchange = loop_.resume(waiting.exchange);
  if (exchange == nullptr) return;
  if (answer.status != cell::ReplyStatus::kDecided)
    return platform::respond_undecided(*exchange, waiting.instance, answer.status);
  switch (answer.reply.take_down) {
    case TakeDownOutcome::kAlready:
      return respond_already(*exchange, waiting.instance);
    case TakeDownOutcome::kMissing:
      return respond_missing(*exchange, waiting.instance);
    case TakeDownOutcome::kFull:
      return platform::respond_problem(
          *exchange, waiting.instance, net::Status::kConflict, "limit-reached", "Too many take-downs",
          std::to_string(kTakeDownsMax) +
              " are all that there may be at once: take domains down in place of links, or "
              "delete links and restore what is over.");
    case TakeDownOutcome::kDone:
      break;
  }
  if (waiting.is_restored) {
    return exchange->respond(
        net::Response{.status = net::Status::kNoContent, .headers = {{"Cache-Control", "no-store"}}});
  }
  waiting.wanted.id = answer.reply.take_down_id;
  waiting.wanted.at = answer.reply.take_down_at;
  respond_taken_down(*exchange, waiting.wanted);
}

// The page that everybody looks at was there before the answer; what was sent before that may be used for as long as a
// redirect is fresh.
void TakeDownChanges::respond_taken_down(net::Exchange& exchange, const TakeDown& made) const {
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_members(json, made);
  json.member("obeyed_by", clock_.now() + kRedirectFreshFor).end_object();
  platform::respond_json(exchange, net::Status::kCreated, body, "/api/v1/abuse/take-downs/" + std::to_string(made.id));
}

void list_take_downs(const Call& call, platform::OperatorAuthenticator& operators, const TakeDowns& take_downs) {
  if (!operators.operator_of(call)) return;
  const auto asked = platform::page_asked(call);
  if (!asked) return;
  const auto page = take_downs.page();
  const std::vector<TakeDown>& all = page->all();
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", all.size()).key("take_downs").begin_array();
  for (size_t i = asked->offset; i < all.size() && i - asked->offset < asked->limit; ++i) {
    json.begin_object();
    write_members(json, all[all.size() - 1 - i]);  // the newest first
    json.end_object();
  }
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void create_take_down(const Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                      const LinkBase& base, const RegistrableDomains& domains, const TakeDowns& take_downs,
                      TakeDownChanges& changes) {
  const auto actor = operators.operator_of(call);
  if (!actor) return;
  auto wanted = parse_take_down(call.request.body(), base, domains);
  if (!wanted) return platform::respond_invalid(call.exchange, call.request.path(), wanted.error().message);
  wanted->by = *actor;
  if (wanted->of == TakeDownOf::kLink && !is_there(call, store, wanted->target)) return;
  if (take_downs.page()->has(wanted->of, wanted->target)) return respond_already(call.exchange, call.request.path());
  if (note_deed(call, operators, *actor, "taken down", *wanted)) changes.take_down(call, *std::move(wanted));
}

void delete_take_down(const Call& call, platform::OperatorAuthenticator& operators, const TakeDowns& take_downs,
                      TakeDownChanges& changes) {
  const auto actor = operators.operator_of(call);
  if (!actor) return;
  const auto id = net::parse_number(call.parameter(0));
  const auto page = take_downs.page();
  const TakeDown* const found = id ? page->of_id(*id) : nullptr;
  if (found == nullptr) return respond_missing(call.exchange, call.request.path());
  if (note_deed(call, operators, *actor, "restored", *found)) changes.restore(call, found->id);
}

}  // namespace doorbuster::links
