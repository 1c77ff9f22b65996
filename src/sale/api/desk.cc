#include "sale/api/desk.h"

#include <algorithm>

#include "auth/api_key.h"
#include "net/problem.h"
#include "net/text.h"
#include "platform/api/etag.h"
#include "platform/api/text_stream.h"
#include "sale/api/doorway.h"
#include "sale/api/entry_watch.h"
#include "sale/api/payment_wait.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"
#include "sale/api/routes.h"

namespace doorbuster::sale {
namespace {

std::string_view explain(std::string_view token, auth::JwtRefusal refusal) {
  if (token.starts_with(auth::kOperatorPrefix))
    return "This is an operator's key, but the call is a customer's: send a JWT signed with one of the shop's keys.";
  if (token.starts_with(auth::kShopPrefix))
    return "This is a shop's secret, which must never leave the shop: sign a JWT with it (HS256), and send that.";
  return auth::explain(refusal);
}

}  // namespace

Desk::Desk(Shared& shared, net::Loop& loop, SaleClient& cell, Operators operators)
    : shared_(shared),
      loop_(loop),
      cell_(cell),
      owner_(cell.add_owner([this](SaleAnswer& answer) {
        begin();
        take(answer);
      })),
      keys_(shared.keys),
      admissions_(shared.keys.admission_keys()),
      operators_(shared.operators, operators),
      refusal_tally_(shared.refusals.add_desk()),
      directory_(shared.directory),
      pages_(shared.board.size()),
      refusals_(shared.board.size()),
      watch_(std::make_unique<EntryWatch>(*this, loop, cell)),
      doorway_(std::make_unique<Doorway>(*this, loop, cell)),
      payment_wait_(std::make_unique<PaymentWait>(*this, loop)),
      texts_(std::make_unique<platform::TextStream>(loop)) {
  cell.on_drained([this] { watch_->go_on(); });
  const auto every = [&](Duration interval, auto act) {
    loop.every(interval, [this, act] {
      begin();
      act();
    });
  };
  every(Duration::millis(10), [this] { watch_->note_changes(); });
  every(Duration::millis(100), [this] { watch_->tick(); });
  every(Duration::millis(10), [this] { payment_wait_->tick(); });
  loop.every(Duration::millis(10), [this] { texts_->tick(); });
}

Desk::~Desk() = default;

std::optional<Caller> Desk::caller_of(const Call& call, Guests guests) {
  if (call.request.has(net::Known::kAuthorization)) {
    const std::string_view token = bearer_of(call.request);
    const auto claims = keys_.verify_token(token, call.now);
    if (claims)
      return Caller{.hash = shared_.customers.of_subject(claims->sub), .only_sale = claims->sale, .new_guest = {}};
    respond_unauthorized(call, "invalid-token",
                         token.empty() ? "Authorization has to be 'Bearer <JWT>'." : explain(token, claims.error()));
    return std::nullopt;
  }
  if (guests != Guests::kRefused) {
    if (const auto guest = shared_.cookies.read(call.request.header(net::Known::kCookie)))
      return Caller{.hash = shared_.customers.of_guest(*guest), .only_sale = {}, .new_guest = {}};
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
  return Caller{.hash = shared_.customers.of_guest(fresh), .only_sale = {}, .new_guest = fresh};
}

const Listing* Desk::sale_of(const Call& call, size_t parameter) {
  const Listing* listing = directory().find(call.parameter(parameter));
  const bool is_hidden = listing != nullptr && !shared_.board.read(listing->number).status.published;
  if (is_hidden && !operators_.is_operator(call)) listing = nullptr;
  if (listing == nullptr) {
    respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "sale-not-found", "No such sale",
                    "GET /api/v1/sales lists the sales there are.");
  }
  return listing;
}

void Desk::ask(const Call& call, Command&& command, const Deferred& kept) {
  cell_.defer(call, owner_, std::move(command), kept);
}

void Desk::take(const SaleAnswer& answer) {
  net::Exchange* exchange = cell_.resumed(answer);
  if (exchange == nullptr) return;  // the client has gone; what was decided stands
  const auto kept = exchange->context<Deferred>();
  if (is_decided(*exchange, kept, answer)) kept.finish(*this, *exchange, kept, answer.reply);
}

bool Desk::is_decided(net::Exchange& exchange, const Deferred& kept, const SaleAnswer& answer) {
  if (answer.status != cell::ReplyStatus::kDecided) {
    // A new guest needs the cookie all the same: without it they could not find what they may have by now.
    const std::string cookie = kept.sets_cookie ? shared_.cookies.set_cookie(kept.guest) : std::string();
    platform::respond_undecided(exchange, kept.instance, answer.status, cookie);
    return false;
  }
  if (!refused(answer.reply.outcome)) return true;
  // What is not there is of no sale.
  if (answer.reply.outcome != Outcome::kNotFound) count_refusal(answer.reply.sale, answer.reply.outcome);
  respond_refused(*this, exchange, kept.instance, answer.reply);
  return false;
}

const Desk::SalePage& Desk::page_of(const Listing& listing) {
  SalePage& page = pages_[listing.number.value()];
  const StatusBoard::Read read = shared_.board.read(listing.number);
  if (page.status_version == read.version && page.listing_version == listing.version) return page;
  page.status_version = read.version;
  page.listing_version = listing.version;
  page.body.clear();
  JsonWriter json(page.body);
  write_sale(json, listing, read.status);
  page.etag = platform::etag_of(page.body);
  page.cache_control = read.status.published ? "public, max-age=1" : "no-store";
  page.response.render({.content_type = "application/json",
                        .body = page.body,
                        .headers = {{"Cache-Control", page.cache_control}, {"ETag", page.etag}}});
  return page;
}

const net::PreparedResponse& Desk::refusal_of(const Listing& listing, const StatusBoard::Read& read, Outcome outcome) {
  PreparedRefusal& refusal = refusals_[listing.number.value()];
  if (refusal.status_version == read.version && refusal.listing_version == listing.version) return refusal.response;
  refusal.status_version = read.version;
  refusal.listing_version = listing.version;
  const Reply reply{.outcome = outcome,
                    .sale_state = read.status.state,
                    .sale = listing.number,
                    .hold = {},
                    .entry = {},
                    .units = read.status.held + read.status.paying};
  refusal.response = prepare_refused(*this, "/api/v1/sales/" + listing.settings.id + "/holds", reply);
  return refusal.response;
}

}  // namespace doorbuster::sale
