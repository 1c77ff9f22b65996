#include "sale/machine/settings.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/utf8.h"
#include "sale/machine/archive.h"

namespace doorbuster::sale {
namespace {

template <class T, class Patch>
void replace(T& value, const std::optional<Patch>& patch) {
  if (patch) value = *patch;
}

bool in_range(uint32_t value, uint32_t least, uint32_t most) { return value >= least && value <= most; }

std::string validate_beacon(const Settings& settings, const Beacon& beacon) {
  if (settings.queue != QueueKind::kDraw) {
    return "beacon goes with a draw only: leave it out, or set \"queue\" to \"draw\"";
  }
  if (!is_beacon_source(beacon.source)) return "beacon.source has to be 1 to 64 of a-z, 0-9, '.' and '-'";
  if (beacon.round == 0) return "beacon.round counts from 1";
  if (beacon.published_at < settings.opens_at + kBeaconAfterOpening) {
    return "beacon.published_at has to be at least one second later than opens_at: the opening fixes who takes part, "
           "and nobody may know the round's value by then";
  }
  if (settings.closes_at && *settings.closes_at <= beacon.published_at) {
    return "closes_at has to be later than beacon.published_at: nothing is drawn before";
  }
  return {};
}

std::string validate_rules(const Settings& settings) {
  const EntryRules& rules = settings.entry_rules;
  const bool has_line = settings.queue == QueueKind::kDraw || settings.queue == QueueKind::kFifo;
  if (rules.review && !has_line) return "review needs a line to look at: set \"queue\" to \"draw\" or \"fifo\"";
  if (rules.allowed_countries.size() > kMaxCountries) return "allowed_countries can name 64 countries";
  if (rules.denied_countries.size() > kMaxCountries) return "denied_countries can name 64 countries";
  if (!rules.allowed_countries.empty() && !rules.denied_countries.empty()) {
    return "denied_countries has to be empty where allowed_countries names any: all others are denied already";
  }
  return {};
}

}  // namespace

bool is_message(std::string_view text) {
  for (size_t characters = 0; !text.empty(); ++characters) {
    const size_t sequence = utf8_sequence(text);
    const bool is_control = begins_with_control(text) && text[0] != '\n';
    if (sequence == 0 || is_control || characters == kMessageCharactersMax) return false;
    text.remove_prefix(sequence);
  }
  return true;
}

TermsTag terms_tag(const Settings& settings, const std::string& message) {
  std::vector<std::byte> bytes;
  Writer archive(bytes);
  // Writing changes nothing: an archive takes what it reads and what it writes alike.
  archive(const_cast<Settings&>(settings), const_cast<std::string&>(message));
  archive.tail(const_cast<EntryRules&>(settings.entry_rules));
  const Digest digest = sha256(bytes);
  return std::max<TermsTag>(ByteReader(digest).integer<TermsTag>(), 1);
}

std::optional<Timestamp> prequeue_begin(const Settings& settings) {
  if (settings.prequeue_opens_at || settings.queue != QueueKind::kDraw) return settings.prequeue_opens_at;
  return Timestamp();
}

Settings patched(Settings settings, const SettingsPatch& patch) {
  replace(settings.title, patch.title);
  replace(settings.item, patch.item);
  replace(settings.price, patch.price);
  replace(settings.units, patch.units);
  // What is not possible becomes 0, which no sale may have.
  const int64_t units = int64_t{settings.units} + patch.more_units.value_or(0);
  settings.units = units > 0 && units <= UINT32_MAX ? static_cast<uint32_t>(units) : 0;
  replace(settings.per_customer, patch.per_customer);
  replace(settings.guests, patch.guests);
  replace(settings.opens_at, patch.opens_at);
  replace(settings.closes_at, patch.closes_at);
  replace(settings.prequeue_opens_at, patch.prequeue_opens_at);
  replace(settings.claim_seconds, patch.claim_seconds);
  replace(settings.hold_seconds, patch.hold_seconds);
  replace(settings.payment_grace_seconds, patch.payment_grace_seconds);
  replace(settings.outflow_per_minute, patch.outflow_per_minute);
  replace(settings.entry_rules.review, patch.review);
  replace(settings.entry_rules.allowed_countries, patch.allowed_countries);
  replace(settings.entry_rules.denied_countries, patch.denied_countries);
  return settings;
}

bool SettingsPatch::any() const {
  return title || item || price || units || more_units || per_customer || guests || opens_at || closes_at ||
         prequeue_opens_at || claim_seconds || hold_seconds || payment_grace_seconds || outflow_per_minute || review ||
         allowed_countries || denied_countries;
}

std::string validate(const Settings& settings, const std::optional<Beacon>& beacon) {
  if (!in_range(settings.units, 1, kMaxUnits)) return "units has to be 1 to 10,000,000";
  if (!in_range(settings.per_customer, 1, kMaxPerCustomer)) return "per_customer has to be 1 to 100";
  if (!in_range(settings.claim_seconds, 1, kMaxSeconds)) return "claim_seconds has to be 1 to 2,592,000 (30 days)";
  if (!in_range(settings.hold_seconds, 1, kMaxSeconds)) return "hold_seconds has to be 1 to 2,592,000 (30 days)";
  if (settings.payment_grace_seconds > kMaxSeconds) return "payment_grace_seconds has to be 0 to 2,592,000 (30 days)";
  if (settings.outflow_per_minute && !in_range(*settings.outflow_per_minute, 1, kMaxOutflowPerMinute)) {
    return "outflow_per_minute has to be 1 to 10,000,000, or null for no limit";
  }
  if (settings.closes_at && *settings.closes_at <= settings.opens_at) return "closes_at has to be later than opens_at";
  if (settings.prequeue_opens_at && settings.queue == QueueKind::kNone) {
    return "prequeue_opens_at needs a queue: set \"queue\", or leave prequeue_opens_at out";
  }
  if (settings.prequeue_opens_at && *settings.prequeue_opens_at > settings.opens_at) {
    return "prequeue_opens_at can't be later than opens_at";
  }
  if (settings.queue == QueueKind::kPass && settings.price) {
    return "a sale with queue \"pass\" lets visitors in and sells nothing: leave price out";
  }
  if (settings.queue == QueueKind::kPass && settings.per_customer != 1) {
    return "a visitor of a sale with queue \"pass\" is inside once: per_customer has to be 1";
  }
  if (std::string wrong = validate_rules(settings); !wrong.empty()) return wrong;
  return beacon ? validate_beacon(settings, *beacon) : std::string();
}

}  // namespace doorbuster::sale
