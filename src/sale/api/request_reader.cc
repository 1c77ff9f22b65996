#include "sale/api/request_reader.h"

#include "auth/api_key.h"
#include "base/prng.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "sale/api/parse_settings.h"
#include "sale/api/payment_name.h"

namespace doorbuster::sale {
namespace {

using platform::respond_invalid;
using platform::respond_problem;
using platform::respond_unauthorized;

std::string_view explain(std::string_view token, auth::JwtRefusal refusal) {
  if (token.starts_with(auth::kOperatorPrefix))
    return "This is an operator's key, but the call is a customer's: send a JWT signed with one of the shop's keys.";
  if (token.starts_with(auth::kShopPrefix))
    return "This is a shop's secret, which must never leave the shop: sign a JWT with it (HS256), and send that.";
  return auth::explain(refusal);
}

// A link that is followed can bring nothing but itself, and a form without scripts says so: ?work=none.
bool can_work(const Call& call) {
  return call.request.method() != net::Method::kGet && call.request.query_parameter("work") != "none";
}

// A visit is paid for by nobody.
uint32_t units_each(const Settings& settings) { return settings.queue == QueueKind::kPass ? 0 : settings.per_customer; }

}  // namespace

std::optional<Idempotency> idempotency_of(const Call& call, std::string_view scope) {
  const auto sent = platform::idempotency_key_of(call, scope);
  return sent ? std::optional(Idempotency{.key = sent->key, .fingerprint = sent->fingerprint}) : std::nullopt;
}

void respond_archive_lost(const Call& call) {
  platform::respond_busy(call.exchange, call.request.path(), "archive-lost",
                         "The sale is archived, and its archive can't be read. The server's log says why.");
}

void respond_unreadable(const Call& call, const AllViews& views) {
  if (views.caught_up()) return respond_archive_lost(call);
  platform::respond_busy(call.exchange, call.request.path(), "catching-up",
                         "The sale is archived, and the server reads what has happened after a start.");
}

RequestReader::RequestReader(SaleContext& context, const SaleCatalog& catalog, platform::Operators operators)
    : catalog_(catalog),
      views_(context.views),
      wall_(context.wall),
      customers_(context.customers),
      cookies_(context.cookies),
      ids_(context.ids),
      entry_tokens_(context.entry_tokens),
      keeps_customer_ids_(context.keeps_customer_ids),
      gate_(context.gate),
      keys_(context.keys),
      operators_(context.operators, operators) {}

const Listing* RequestReader::sale_of(const Call& call) {
  const Listing* listing = catalog_.find(call.parameter(0));
  if (listing == nullptr && catalog_.is_unreadable(call.parameter(0))) {
    respond_unreadable(call, views_);
    return nullptr;
  }
  const bool is_hidden = listing != nullptr && !listing->status().published;
  if (is_hidden && !operators_.is_operator(call)) listing = nullptr;
  if (listing == nullptr) {
    respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "sale-not-found", "No such sale",
                    "GET /api/v1/sales lists the sales there are.");
  }
  return listing;
}

std::optional<auth::SealedId> RequestReader::find_id(std::string_view text, auth::IdKind kind) const {
  const auto id = ids_.open(text, kind);
  return id && catalog_.page().knows(SaleNumber(id->sale)) ? id : std::nullopt;
}

void RequestReader::respond_no_such_id(const Call& call) {
  respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "not-found", "Not found",
                  "There is no such thing, or it is not yours.");
}

std::optional<auth::SealedId> RequestReader::id_of(const Call& call, size_t parameter, auth::IdKind kind) {
  std::string_view text = call.parameter(parameter);
  // In the provider's books a further payment of an order has more behind the order's id.
  if (kind == auth::IdKind::kOrder && payment_named(text, ids_)) text = text.substr(0, auth::kSealedIdLength);
  const auto id = find_id(text, kind);
  if (!id) respond_no_such_id(call);
  return id;
}

std::optional<auth::SealedId> RequestReader::entry_of(const Call& call) {
  const Listing* listing = sale_of(call);
  if (listing == nullptr) return std::nullopt;
  auto id = find_id(call.parameter(1), auth::IdKind::kEntry);
  if (!id) id = find_id(call.parameter(1), auth::IdKind::kStalledEntry);
  if (id && id->sale == listing->number.value()) return id;
  if (id) {
    respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "not-found", "Not found",
                    "This entry is of another sale.");
  } else {
    respond_no_such_id(call);
  }
  return std::nullopt;
}

std::optional<Cause> RequestReader::cause_of(const Call& call) {
  const auto actor = operator_of(call);
  if (!actor) return std::nullopt;
  const auto idempotency = idempotency_of(call, *actor);
  if (!idempotency) return std::nullopt;
  auto reason = parse_reason(call.request.body());
  if (reason) return Cause{*actor, std::move(*reason), *idempotency};
  respond_invalid(call.exchange, call.request.path(), reason.error().message);
  return std::nullopt;
}

std::optional<OperatorCall> RequestReader::operator_call_of(const Call& call) {
  auto actor = operator_of(call);
  if (!actor) return std::nullopt;
  const Listing* listing = sale_of(call);
  if (listing == nullptr) return std::nullopt;
  const auto idempotency = idempotency_of(call, *actor);
  if (!idempotency) return std::nullopt;
  return OperatorCall{*listing, std::move(*actor), *idempotency};
}

std::optional<Applicant> RequestReader::applicant_of(const Call& call, platform::Action action) {
  return applicant_of(call, action, nullptr);
}

std::optional<Applicant> RequestReader::joiner_of(const Call& call, const StalledLine& stalled) {
  return applicant_of(call, platform::Action::kJoin, &stalled);
}

std::optional<Applicant> RequestReader::applicant_of(const Call& call, platform::Action action,
                                                     const StalledLine* stalled) {
  const Listing* listing = sale_of(call);
  if (listing == nullptr) return std::nullopt;
  const auto caller = caller_for(call, listing->settings.guests ? Guests::kWelcome : Guests::kRefused, *listing);
  if (!caller) return std::nullopt;
  const auto idempotency = idempotency_of(call);
  if (!idempotency) return std::nullopt;
  std::optional<StalledJoin> stall;
  if (stalled != nullptr) stall.emplace(*stalled, call, *listing, *caller);
  const auto assessment = pass_gate(call, action, *listing, asker_of(*caller), stall ? &*stall : nullptr);
  return assessment ? std::optional(Applicant{*listing, *caller, *idempotency, *assessment}) : std::nullopt;
}

std::optional<Caller> RequestReader::customer_of(const Call& call, const auth::SealedId& id) {
  return caller_for(call, Guests::kKnown, catalog_.at(SaleNumber(id.sale)));
}

std::optional<Caller> RequestReader::customer_who_changes(const Call& call, const auth::SealedId& id) {
  return customer_at_gate(call, id, platform::Action::kChange);
}

std::optional<Caller> RequestReader::customer_who_looks(const Call& call, const auth::SealedId& id) {
  return customer_at_gate(call, id, platform::Action::kPoll);
}

std::optional<Caller> RequestReader::customer_at_gate(const Call& call, const auth::SealedId& id,
                                                      platform::Action action) {
  auto caller = customer_of(call, id);
  const Listing& listing = catalog_.at(SaleNumber(id.sale));
  return caller && pass_gate(call, action, listing, asker_of(*caller)) ? caller : std::nullopt;
}

std::optional<Looker> RequestReader::looker_of(const Call& call, const auth::SealedId& id) {
  if (is_operator(call)) return operator_of(call) ? std::optional(Looker{}) : std::nullopt;
  const auto token = call.request.query_parameter("token");
  if (token && entry_tokens_.fits(*token, SaleNumber(id.sale), EntryNumber::unpacked(id.number))) {
    const platform::Asker asker{.kind = platform::Asker::Kind::kSession, .id = mixed64(id.number ^ mixed64(id.sale))};
    const Listing& listing = catalog_.at(SaleNumber(id.sale));
    return pass_gate(call, platform::Action::kPoll, listing, asker) ? std::optional(Looker{}) : std::nullopt;
  }
  const auto caller = customer_who_looks(call, id);
  return caller ? std::optional(Looker{caller->hash}) : std::nullopt;
}

std::optional<Assessment> RequestReader::pass_gate(const Call& call, platform::Action action, const Listing& listing,
                                                   const platform::Asker& asker, const platform::Stall* stall) {
  const Settings& settings = listing.settings;
  const EntryRules& rules = settings.entry_rules;
  const bool is_drawn = action == platform::Action::kJoin && settings.queue == QueueKind::kDraw;
  return gate_.pass(call, {.action = action,
                           .scope = settings.id,
                           .asker = asker,
                           .can_work = can_work(call),
                           .stall = stall,
                           .drawn_at = is_drawn ? std::optional(settings.opens_at) : std::nullopt,
                           .units_each = units_each(settings),
                           .allowed_countries = rules.allowed_countries,
                           .denied_countries = rules.denied_countries});
}

platform::Taker RequestReader::taker_of(const Call& call, const Caller& caller, SaleNumber sale) const {
  const platform::Asker asker = asker_of(caller);
  return {.id = asker.id,
          .units_each = units_each(catalog_.at(sale).settings),
          .sender = gate_.sender_of(call.request),
          .is_customer = asker.kind == platform::Asker::Kind::kCustomer};
}

std::optional<Caller> RequestReader::caller_of(const Call& call, Guests guests) {
  if (call.request.has(net::Known::kAuthorization)) {
    const std::string_view token = platform::bearer_of(call.request);
    const auto claims = keys_.verify_token(token, wall_.now());
    if (claims) {
      Annotations annotations = *claims->annotations;
      if (keeps_customer_ids_) annotations.customer_id = claims->sub.view();
      return Caller{.hash = customers_.of_subject(claims->sub),
                    .only_sale = claims->sale,
                    .new_guest = {},
                    .annotations = std::move(annotations),
                    .kind = CustomerKind::kOfShop,
                    .account_age_days = claims->account_age_days,
                    .instrument = claims->instrument};
    }
    respond_unauthorized(call, "invalid-token",
                         token.empty() ? "Authorization has to be 'Bearer <JWT>'." : explain(token, claims.error()));
    return std::nullopt;
  }
  if (guests != Guests::kRefused) {
    if (const auto guest = cookies_.read(call.request.header(net::Known::kCookie)))
      return Caller{.hash = customers_.of_guest(*guest), .only_sale = {}, .new_guest = {}};
  }
  if (guests != Guests::kWelcome) {
    respond_unauthorized(call, "token-needed",
                         guests == Guests::kRefused
                             ? "Send 'Authorization: Bearer <JWT>', signed with one of the shop's keys."
                             : "Send 'Authorization: Bearer <JWT>', signed with one of the shop's keys, or, as a "
                               "guest, the cookie that came with your first answer.");
    return std::nullopt;
  }
  const auth::GuestId fresh = auth::GuestCookies::fresh_id();
  return Caller{.hash = customers_.of_guest(fresh), .only_sale = {}, .new_guest = fresh};
}

// A token that is for one sale only is no good for another.
std::optional<Caller> RequestReader::caller_for(const Call& call, Guests guests, const Listing& listing) {
  auto caller = caller_of(call, guests);
  if (!caller || caller->only_sale.empty() || caller->only_sale.view() == listing.settings.id) return caller;
  respond_problem(call.exchange, call.request.path(), net::Status::kForbidden, "token-for-another-sale",
                  "Token for another sale", "The token's `sale` claim names another sale than this one.");
  return std::nullopt;
}

}  // namespace doorbuster::sale
