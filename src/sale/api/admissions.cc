#include "sale/api/admissions.h"

#include <algorithm>

#include "auth/cookie_header.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

constexpr std::string_view kRoundsCookie = "doorbuster-rounds";

}  // namespace

bool may_enter(EntryState state) {
  return state == EntryState::kOffered || state == EntryState::kHolding || state == EntryState::kPaying;
}

bool may_stay(EntryState state) { return may_enter(state) || state == EntryState::kBought; }

std::optional<auth::Admission> admit(const AdmissionOptions& options, const auth::AdmissionKeySet& keys,
                                     const auth::IdSealer& ids, const Listing& listing, const EntryView& entry,
                                     const std::optional<HoldView>& hold, Timestamp now) {
  ASSERT(may_enter(entry.state) && hold.has_value() == (entry.state != EntryState::kOffered));
  const Timestamp end = hold ? hold->expires_at : entry.claim_until;
  auth::AdmissionClaims claims{.sale = std::string_view(listing.settings.id),
                               .entry = auth::view(entry_id(ids, entry.sale, entry.number)),
                               .hold = {},
                               .expires_at = std::min(end, now + options.life_max)};
  if (hold) claims.hold = auth::view(hold_id(ids, hold->sale, hold->number));
  return auth::admit(keys, options.issuer, claims, now);
}

// A way back that is too long goes to the place without what was asked of it, and in the end to nowhere.
std::string door_address(const AdmissionOptions& options, std::string_view sale,
                         const std::optional<platform::PlainAddress>& back) {
  const std::string_view slash = options.issuer.ends_with('/') ? "" : "/";
  const std::string door = options.issuer + std::string(slash) + "q/" + std::string(sale);
  if (!back) return door;
  for (const std::string& way : {back->text(), back->origin + back->path}) {
    const std::string address = door + "?return=" + platform::query_escaped(way);
    if (address.size() <= kDoorAddressBytesMax) return address;
  }
  return door;
}

uint8_t rounds_in(std::string_view cookie_header) {
  uint8_t rounds = 0;
  auth::take_cookie(cookie_header, kRoundsCookie, [&](std::string_view value) {
    const bool is_digit = value.size() == 1 && value[0] >= '0' && value[0] <= '9';
    if (is_digit) rounds = static_cast<uint8_t>(value[0] - '0');
    return is_digit;
  });
  return rounds;
}

std::string rounds_cookie(uint8_t rounds) {
  const Duration life = rounds == 0 ? Duration() : kRoundsLife;
  return std::string(kRoundsCookie) + "=" + std::to_string(std::min(rounds, kRoundsMax)) +
         "; Path=/q/; Max-Age=" + std::to_string(life.whole_seconds()) + "; HttpOnly; SameSite=Lax";
}

std::string admission_cookie(std::string_view token, Duration life, SiteTransport transport) {
  return std::string(kAdmissionCookie) + "=" + std::string(token) +
         "; Path=/; Max-Age=" + std::to_string(life.whole_seconds()) +
         (transport == SiteTransport::kHttps ? "; HttpOnly; Secure; SameSite=Lax" : "; HttpOnly; SameSite=Lax");
}

}  // namespace doorbuster::sale
