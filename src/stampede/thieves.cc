#include <array>

#include "base/base64.h"
#include "base/encoding.h"
#include "base/json_writer.h"
#include "stampede/behaviours.h"
#include "stampede/visit.h"

namespace doorbuster::stampede {
namespace {

constexpr std::string_view kUsualChallenge = "/api/v1/guard/challenge";

struct Loot {
  bool was_tried = true;
  bool answered_yes = false;
  bool gained_unit = false;  // that is the thief's, or one more than its owner may have
};

// A guest of one's own, whose cookie has nothing in this sale: whatever they get, they get by what they stole.
Task<Answer> as_oneself(Shopper& who, Call call) {
  Answer answer = co_await who.insist(std::move(call));
  co_return answer;
}

Task<Loot> reserve_as(Shopper& who, std::string bearer) {
  Call call{.method = "POST", .path = who.sale_path() + "/holds", .bearer = std::move(bearer)};
  const Answer answer = co_await who.insist(std::move(call));
  co_return Loot{.answered_yes = answer.status == 201, .gained_unit = answer.status == 201};
}

Task<Loot> entry_token_as_bearer(Shopper& who, Belongings of) { return reserve_as(who, of.entry_token); }

// Whoever has an entry's token may ask for its admission, so the shop's own door opens; a unit is another thing.
Task<Loot> admission_by_entry_token(Shopper& who, Belongings of) {
  Call call{.method = "POST", .path = who.sale_path() + "/queue/" + of.entry + "/admission?token=" + of.entry_token};
  const Answer answer = co_await as_oneself(who, std::move(call));
  if (answer.status != 201) co_return Loot{};
  Loot loot = co_await reserve_as(who, member_of(answer, "token"));
  loot.answered_yes = true;
  co_return loot;
}

Task<Loot> admission_as_bearer(Shopper& who, Belongings of) { return reserve_as(who, of.admission); }

// Part of a token in base64url, with another text in place of one in it.
std::string with_claims(const std::string& token, const std::string& header, const std::string& claims) {
  const size_t first = token.find('.'), last = token.rfind('.');
  const std::string head = header.empty() ? token.substr(0, first) : to_base64url(as_bytes(header));
  return head + "." + to_base64url(as_bytes(claims)) + "." + (header.empty() ? token.substr(last + 1) : "");
}

std::string own_claims() {
  std::string claims;
  JsonWriter(claims).begin_object().member("sub", "thief").member("exp", 4'102'444'800).end_object();
  return claims;
}

Task<Loot> token_with_another_name(Shopper& who, Belongings of) {
  return reserve_as(who, with_claims(of.bearer, "", own_claims()));
}

Task<Loot> token_without_signature(Shopper& who, Belongings of) {
  return reserve_as(who, with_claims(of.bearer, R"({"alg":"none","typ":"JWT"})", own_claims()));
}

Task<Loot> admission_for_own_session(Shopper& who, Belongings of) {
  Call call{.method = "POST", .path = who.sale_path() + "/queue/" + of.entry + "/admission"};
  const Answer answer = co_await as_oneself(who, std::move(call));
  co_return Loot{.answered_yes = answer.status == 201};
}

Task<Loot> entry_of_another(Shopper& who, Belongings of) {
  Call call{.method = "DELETE", .path = who.sale_path() + "/queue/" + of.entry};
  const Answer answer = co_await as_oneself(who, std::move(call));
  co_return Loot{.answered_yes = answer.status == 200};
}

Task<Loot> pay_for_hold(Shopper& who, Belongings of) {
  Call call{.method = "POST", .path = "/api/v1/holds/" + of.hold + "/payment"};
  const Answer answer = co_await as_oneself(who, std::move(call));
  co_return Loot{.answered_yes = answer.status == 202, .gained_unit = answer.status == 202};
}

Task<Loot> release_hold(Shopper& who, Belongings of) {
  Call call{.method = "DELETE", .path = "/api/v1/holds/" + of.hold};
  const Answer answer = co_await as_oneself(who, std::move(call));
  co_return Loot{.answered_yes = answer.status == 200};
}

Task<Loot> reservation_repeated(Shopper& who, Belongings of) {
  Call call{.method = "POST", .path = who.sale_path() + "/holds", .key = of.reserve_key};
  const Answer answer = co_await as_oneself(who, std::move(call));
  co_return Loot{.answered_yes = answer.status == 201, .gained_unit = answer.status == 201};
}

Task<Loot> solution_again(Shopper& who, Belongings of) {
  const Call call{
      .method = "POST", .path = who.sale_path() + "/queue", .key = who.fresh_key(), .solution = of.solution};
  const Answer answer = co_await who.ask(call);
  co_return Loot{.answered_yes = answer.good()};
}

// One's own work, for two places.
Task<Loot> own_solution_twice(Shopper& who, Belongings) {
  Call join{.method = "POST", .path = who.sale_path() + "/queue", .key = who.fresh_key()};
  co_await who.solve(join, std::string(kUsualChallenge), who.context().engine.now() + Duration::seconds(5));
  if (join.solution.empty()) co_return Loot{.was_tried = false};
  const Answer first = co_await who.ask(join);
  if (!first.good()) co_return Loot{.was_tried = false};
  who.begin_session();
  join.key = who.fresh_key();
  const Answer second = co_await who.ask(join);
  co_return Loot{.answered_yes = second.good()};
}

// Their whole account is taken over: whatever is reserved is theirs, but more than they may have is a gain.
Task<Loot> account_once_more(Shopper& who, Belongings of) {
  Call call{.method = "POST", .path = who.sale_path() + "/holds", .bearer = of.bearer};
  const Answer answer = co_await who.insist(std::move(call));
  const bool is_another = answer.status == 201 && member_of(answer, "id") != of.hold;
  co_return Loot{.answered_yes = answer.status == 201, .gained_unit = is_another};
}

Task<Loot> cookie_once_more(Shopper& who, Belongings of) {
  Call call{.method = "POST", .path = who.sale_path() + "/holds", .cookie = of.cookie};
  const Answer answer = co_await who.insist(std::move(call));
  const bool is_another = answer.status == 201 && member_of(answer, "id") != of.hold;
  co_return Loot{.answered_yes = answer.status == 201, .gained_unit = is_another};
}

// A provider's word that nobody has signed: the hold would be sold without money.
Task<Loot> payment_that_nobody_made(Shopper& who, Belongings of) {
  std::string event;
  JsonWriter json(event);
  json.begin_object().member("type", "payment.succeeded").member("order", of.hold).member("payment", "pay_1");
  json.key("amount").begin_object().member("amount", 4'900).member("currency", "USD").end_object();
  json.member("occurred_at", who.context().engine.now()).end_object();
  Call call{.method = "POST",
            .path = "/api/v1/payments/events",
            .body = std::move(event),
            .content_type = "application/json"};
  const Answer answer = co_await as_oneself(who, std::move(call));
  co_return Loot{.answered_yes = answer.good(), .gained_unit = answer.good()};
}

// What a trick needs of somebody's belongings, and cannot be tried without.
using Needs = std::string Belongings::*;

struct Trick {
  std::string_view name;
  Needs needs;
  Needs needs_as_well;
  Task<Loot> (*act)(Shopper& who, Belongings of);
};

using Of = Belongings;
constexpr std::array kTricks = {
    Trick{"entry token as a customer's", &Of::entry, &Of::entry_token, entry_token_as_bearer},
    Trick{"admission by the entry token", &Of::entry, &Of::entry_token, admission_by_entry_token},
    Trick{"admission as a customer's token", &Of::entry, &Of::admission, admission_as_bearer},
    Trick{"admission to another's entry", &Of::entry, &Of::entry, admission_for_own_session},
    Trick{"leaving with another's entry", &Of::entry, &Of::entry, entry_of_another},
    Trick{"customer's token with another name", &Of::bearer, &Of::bearer, token_with_another_name},
    Trick{"customer's token without signature", &Of::bearer, &Of::bearer, token_without_signature},
    Trick{"customer's token once more", &Of::bearer, &Of::hold, account_once_more},
    Trick{"guest's cookie once more", &Of::cookie, &Of::hold, cookie_once_more},
    Trick{"payment of another's hold", &Of::hold, &Of::hold, pay_for_hold},
    Trick{"payment that nobody made", &Of::hold, &Of::hold, payment_that_nobody_made},
    Trick{"release of another's hold", &Of::hold, &Of::hold, release_hold},
    Trick{"another's reservation repeated", &Of::hold, &Of::reserve_key, reservation_repeated},
    Trick{"solution used once more", &Of::solution, &Of::solution, solution_again},
    Trick{"own solution for two places", &Of::entry, &Of::entry, own_solution_twice},
};

Task<> try_tricks(Shopper& who) {
  Context& context = who.context();
  while (!context.is_over()) {
    co_await who.pause(who.within(0.2, 1));
    if (context.stolen.empty()) continue;
    const Belongings of = context.stolen[who.random().below(context.stolen.size())];
    const Trick& trick = kTricks[who.random().below(kTricks.size())];
    if ((of.*trick.needs).empty() || (of.*trick.needs_as_well).empty()) continue;
    who.begin_session();
    const Loot loot = co_await trick.act(who, of);
    if (loot.was_tried) context.tally.tricked(trick.name, loot.answered_yes, loot.gained_unit);
  }
}

}  // namespace

Task<> be_a_thief(Shopper& who) { return try_tricks(who); }

}  // namespace doorbuster::stampede
