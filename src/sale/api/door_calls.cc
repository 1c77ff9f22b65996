// The doors: what a proxy asks before it shows a site, and the link by which a site sends people to the waiting room.
#include <algorithm>
#include <array>

#include "platform/api/plain_page.h"
#include "sale/api/admission_flow.h"
#include "sale/api/calls.h"
#include "sale/api/site_request.h"

namespace doorbuster::sale {
namespace {

using platform::respond_page;

// The sales that the place behind the proxy belongs to: "?sale=ps5,xbox". Answers by itself and returns nothing if that
// is not right: it is the proxy's configuration, and nobody should get in by a mistake in it.
std::vector<const Listing*> sales_in(const Call& call, const SaleCatalog& catalog, const AllViews& views) {
  std::vector<const Listing*> sales;
  std::string_view names = call.request.query_parameter("sale").value_or("");
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    const Listing* listing = catalog.find_published(name);
    if (listing == nullptr && catalog.is_unreadable(name)) {
      respond_unreadable(call, views);
      return {};
    }
    if (listing == nullptr) {
      sales.clear();
      break;
    }
    sales.push_back(listing);
  }
  if (sales.empty()) {
    respond_invalid(call.exchange, call.request.path(),
                    "?sale= has to name the sale, or sales (with commas), that the place belongs to.");
  }
  return sales;
}

// A safety net stands before a site only while it is open; before that, and once an operator has closed it, everybody
// may pass. Paused, it lets nobody in who is not inside.
bool is_down(const Listing& listing) {
  const SaleState state = listing.status().state;
  return listing.settings.queue == QueueKind::kPass && state != SaleState::kOpen && state != SaleState::kPaused;
}

struct Shown {
  std::string_view token;
  auth::AdmissionClaims claims;
  const Listing* sale;
};

// The first good admission to one of the sales that the request shows, or why the first one that it shows is not good.
tl::expected<Shown, std::string_view> shown_in(const SiteRequest& site, Timestamp now,
                                               const std::vector<const Listing*>& sales,
                                               auth::AdmissionVerifier& verifier) {
  std::string_view why;
  for (const std::string_view token : site.tokens) {
    const auto claims = verifier.verify(token, now);
    const auto sale = std::find_if(sales.begin(), sales.end(), [&](const Listing* each) {
      return claims && claims->sale.view() == each->settings.id;
    });
    if (sale != sales.end()) return Shown{token, *claims, *sale};
    if (why.empty()) why = claims ? "This admission is for another sale." : auth::explain_admission(claims.error());
  }
  return tl::unexpected(why.empty() ? "An admission is needed: wait for your turn in the room." : why);
}

std::optional<EntryNumber> entry_of(const Shown& shown, const auth::IdSealer& ids) {
  const auto id = ids.open(shown.claims.entry, auth::IdKind::kEntry);
  if (!id || id->sale != shown.sale->number.value()) return std::nullopt;
  return EntryNumber::unpacked(id->number);
}

// Somebody follows a link, and no page, prefetch, picture or program does it for them: joining is theirs to do.
// Browsers say so to a site by https (Fetch Metadata Request Headers, section 2); by http they say nothing.
bool is_navigation(const Call& call, bool by_https) {
  const auto is = [&](std::string_view name, std::string_view value) {
    const auto field = call.request.header(name);
    return field ? *field == value : !by_https;
  };
  const bool ahead = call.request.header("Sec-Purpose").has_value() || call.request.header("Purpose").has_value();
  return call.request.method() == net::Method::kGet && !ahead && is("Sec-Fetch-Mode", "navigate") &&
         is("Sec-Fetch-Dest", "document");
}

// A guest who comes for the first time joins here only if they can go on at once: whoever has to wait does so on a
// page, and what never shows one, such as a search engine, takes nobody's place in line.
bool has_free_place(const PublicStatus& status) {
  const bool has_order = !status.has_draw || status.is_drawn;
  return status.state == SaleState::kOpen && has_order && status.available > 0 && status.waiting == 0;
}

std::string address_with(std::string address, const std::optional<platform::PlainAddress>& back) {
  if (back) address += "?return=" + platform::query_escaped(back->text());
  return address;
}

std::string room_address(std::string_view sale, const std::optional<platform::PlainAddress>& back) {
  return address_with("/s/" + std::string(sale) + "/queue", back);
}

// Whoever comes for the first time is given a cookie, and a place only when they have come back with it: what keeps no
// cookies would take a place each time it looks, and be shown none.
void ask_for_cookie(const Call& call, const Listing& listing, const platform::PlainAddress& back,
                    const auth::GuestCookies& cookies) {
  constexpr std::string_view kAsked = "sent";
  const std::string door = address_with("/q/" + listing.settings.id, back);
  const std::string cookie = cookies.set_cookie(auth::GuestCookies::fresh_id());
  if (call.request.query_parameter("cookie") == kAsked) {
    return respond_page(call.exchange, net::Status::kForbidden, "This needs cookies",
                        "Your browser has kept none of ours, and nobody can be let in who is not known again. Allow "
                        "cookies for this site, and then <a href=\"" +
                            door + "\">try again</a>.",
                        {{"Set-Cookie", cookie}});
  }
  const std::string again = door + "&cookie=" + std::string(kAsked);
  call.exchange.respond(
      net::Response{.status = net::Status::kFound,
                    .headers = {{"Cache-Control", "no-store"}, {"Location", again}, {"Set-Cookie", cookie}}});
}

// Somebody has been let in, and comes again, and again: the site has not seen the cookie that it gave them.
void respond_running_in_circles(const Call& call, const Listing& listing, const platform::PlainAddress& back) {
  const std::string door = address_with("/q/" + listing.settings.id, back);
  respond_page(
      call.exchange, net::Status::kForbidden, "You are in, but the site does not see it",
      "The cookie that says so did not come back from your browser. Allow cookies for the site you want to go to, "
      "and then <a href=\"" +
          door + "\">try again</a>.",
      {{"Set-Cookie", rounds_cookie(0)}});
}

void send_to_room(net::Exchange& exchange, std::string_view room) {
  exchange.respond(
      net::Response{.status = net::Status::kFound, .headers = {{"Cache-Control", "no-store"}, {"Location", room}}});
}

// Whoever shall wait for nothing may ask for a place there.
class SentToRoom final : public platform::Stall {
 public:
  SentToRoom(net::Exchange& exchange, std::string_view room) : exchange_(exchange), room_(room) {}
  void answer() const override { send_to_room(exchange_, room_); }

 private:
  net::Exchange& exchange_;
  const std::string_view room_;
};

// Lets whoever follows a link in, or sends them to the room.
void follow_link(const Call& call, const Listing& listing, const platform::PlainAddress& back, RequestReader& reader,
                 const auth::GuestCookies& cookies, const auth::CustomerHasher& customers,
                 const AdmissionOptions& options, AdmissionFlow& admissions) {
  const std::string room = room_address(listing.settings.id, back);
  const std::string_view shown = call.request.header(net::Known::kCookie);
  const auto known = cookies.read(shown);
  const bool joins = is_navigation(call, options.issuer.starts_with("https://")) && listing.settings.guests &&
                     listing.settings.queue != QueueKind::kNone && (known || has_free_place(listing.status()));
  if (!joins) return send_to_room(call.exchange, room);
  if (!known) return ask_for_cookie(call, listing, back, cookies);
  const uint8_t rounds = rounds_in(shown);
  if (rounds >= kRoundsMax) return respond_running_in_circles(call, listing, back);
  const CustomerHash customer = customers.of_guest(*known);
  const platform::Asker asker{.kind = platform::Asker::Kind::kSession, .id = customer.high};
  const SentToRoom stall(call.exchange, room);
  const auto assessment = reader.pass_gate(call, platform::Action::kJoin, listing, asker, &stall);
  if (!assessment) return;
  admissions.begin(call.exchange,
                   {.kind = AdmissionKind::kRedirect,
                    .sale = listing.number,
                    .customer = customer,
                    .rounds = rounds,
                    .back = back,
                    .room = room,
                    .instance = std::string(call.request.path())},
                   Join{.sale = listing.number,
                        .customer = customer,
                        .idempotency = {},
                        .kind = CustomerKind::kGuest,
                        .assessment = *assessment});
}

}  // namespace

void check_admission(const Call& call, const SaleCatalog& catalog, const AllViews& views,
                     auth::AdmissionVerifier& verifier, const auth::IdSealer& ids, const AdmissionOptions& options,
                     AdmissionFlow& admissions) {
  const auto sales = sales_in(call, catalog, views);
  if (sales.empty()) return;
  if (std::any_of(sales.begin(), sales.end(), [&](const Listing* sale) { return is_down(*sale); })) {
    return call.exchange.respond(
        net::Response{.status = net::Status::kNoContent, .headers = {{"Cache-Control", "no-store"}}});
  }
  const SiteRequest site = read_site_request(call.request);
  const auto back = back_to(options, site);
  const std::string room = door_address(options, sales.front()->settings.id, back);
  const auto shown = shown_in(site, call.now, sales, verifier);
  if (!shown) return respond_no_entry(call.exchange, call.request.path(), room, shown.error());
  const auto entry = entry_of(*shown, ids);
  if (!entry) return respond_no_entry(call.exchange, call.request.path(), room, "This admission is of another server.");
  admissions.begin(call.exchange,
                   {.kind = AdmissionKind::kCheck,
                    .sale = shown->sale->number,
                    .room = room,
                    .instance = std::string(call.request.path()),
                    .expires_at = shown->claims.expires_at},
                   LookUpEntry{*entry, std::nullopt});
}

// The token is in the address of the customer's first request: from now on it is in a cookie, and the address is clean,
// so that it is in no history, no log of what follows, and no link that is passed on.
void keep_admission(const Call& call, const SaleCatalog& catalog, const AllViews& views,
                    auth::AdmissionVerifier& verifier, const AdmissionOptions& options) {
  const auto sales = sales_in(call, catalog, views);
  if (sales.empty()) return;
  const SiteRequest site = read_site_request(call.request);
  const auto shown = shown_in(site, call.now, sales, verifier);
  const std::string address =
      shown ? clean_address(options, site) : door_address(options, sales.front()->settings.id, back_to(options, site));
  const std::string cookie =
      shown ? admission_cookie(shown->token, shown->claims.expires_at - call.now, site.transport) : std::string();
  net::Response response{
      .status = net::Status::kFound,
      .headers = {{"Cache-Control", "no-store"}, {"Location", address}, {"Referrer-Policy", "no-referrer"}}};
  if (shown) response.headers.add({"Set-Cookie", cookie});
  call.exchange.respond(response);
}

void show_door(const Call& call, RequestReader& reader, const SaleCatalog& catalog, const auth::GuestCookies& cookies,
               const auth::CustomerHasher& customers, const AdmissionOptions& options, AdmissionFlow& admissions) {
  const Listing* listing = catalog.find_published(call.parameter(0));
  if (listing == nullptr && catalog.is_unreadable(call.parameter(0))) {
    return respond_page(call.exchange, net::Status::kServiceUnavailable, "Try again in a moment",
                        "This sale was over long ago, and what is known of it can't be read just now.",
                        {{"Retry-After", "1"}});
  }
  if (listing == nullptr) {
    return respond_page(call.exchange, net::Status::kNotFound, "There is no such sale",
                        "It may be over for long, or the address is mistyped.");
  }
  const auto asked = call.request.query_parameter("return");
  if (!asked) {
    const std::string room = room_address(listing->settings.id, std::nullopt);
    return call.exchange.respond(net::Response{.status = net::Status::kFound, .headers = {{"Location", room}}});
  }
  std::array<char, platform::kReturnAddressBytesMax> decoded;
  const auto text = net::percent_decode(*asked, decoded, net::PlusSign::kSpace);
  const auto back = text ? options.return_to.find(*text) : std::nullopt;
  if (!back) {
    return respond_page(call.exchange, net::Status::kBadRequest, "This link can't be followed",
                        "It wants to go back to an address that this shop has not listed. Go back to the shop and "
                        "start again from there.");
  }
  follow_link(call, *listing, platform::without_admission(*back), reader, cookies, customers, options, admissions);
}

}  // namespace doorbuster::sale
