#include "sale/views/audit.h"

#include "base/encoding.h"

namespace doorbuster::sale {
namespace {

std::string show(const std::optional<Timestamp>& at) { return at ? format_rfc3339(*at) : "null"; }
std::string show(const std::optional<uint32_t>& number) { return number ? std::to_string(*number) : "null"; }
std::string show(uint32_t number) { return std::to_string(number); }
std::string show(bool flag) { return flag ? "true" : "false"; }
std::string show(Timestamp at) { return format_rfc3339(at); }
std::string show(const std::string& text) { return "'" + text + "'"; }
std::string show(const std::vector<Country>& countries) {
  std::string text;
  for (const Country& code : countries) text.append(text.empty() ? "" : " ").append(code.data(), code.size());
  return text.empty() ? "none" : text;
}
std::string show(const std::optional<Money>& money) {
  return money ? std::to_string(money->amount) + " " + std::string(money->currency.code()) : "null";
}

// "units 10 -> 12, title 'a' -> 'b'"
class Differences {
 public:
  template <class T>
  void compare(const char* name, const T& before, const T& after) {
    if (before == after) return;
    if (!text_.empty()) text_ += ", ";
    text_ += std::string(name) + " " + show(before) + " -> " + show(after);
  }
  [[nodiscard]] std::string text() && { return text_.empty() ? "no difference" : std::move(text_); }

 private:
  std::string text_;
};

std::string differences(const Settings& before, const Settings& after) {
  Differences found;
  found.compare("title", before.title, after.title);
  found.compare("item.sku", before.item.sku, after.item.sku);
  found.compare("item.title", before.item.title, after.item.title);
  found.compare("item.image_url", before.item.image_url, after.item.image_url);
  found.compare("item.description", before.item.description, after.item.description);
  found.compare("price", before.price, after.price);
  found.compare("units", before.units, after.units);
  found.compare("per_customer", before.per_customer, after.per_customer);
  found.compare("guests", before.guests, after.guests);
  found.compare("opens_at", before.opens_at, after.opens_at);
  found.compare("closes_at", before.closes_at, after.closes_at);
  found.compare("prequeue_opens_at", before.prequeue_opens_at, after.prequeue_opens_at);
  found.compare("claim_seconds", before.claim_seconds, after.claim_seconds);
  found.compare("hold_seconds", before.hold_seconds, after.hold_seconds);
  found.compare("payment_grace_seconds", before.payment_grace_seconds, after.payment_grace_seconds);
  found.compare("outflow_per_minute", before.outflow_per_minute, after.outflow_per_minute);
  const EntryRules& rules = before.entry_rules;
  found.compare("review", rules.review, after.entry_rules.review);
  found.compare("allowed_countries", rules.allowed_countries, after.entry_rules.allowed_countries);
  found.compare("denied_countries", rules.denied_countries, after.entry_rules.denied_countries);
  return std::move(found).text();
}

}  // namespace

AuditLine& Audit::note(SaleNumber sale, const EventPlace& place, const Cause& cause, std::string action,
                       std::string detail) {
  return sales_[sale].lines.emplace_back(
      AuditLine{place.sequence, place.at, cause.actor, std::move(action), std::move(detail), cause.reason});
}

void Audit::on(const SaleCreated& event, const EventPlace& place) {
  sales_[event.sale].settings = event.settings;
  note(event.sale, place, event.cause, "created",
       std::to_string(event.settings.units) + " units of '" + event.settings.title + "'");
}

void Audit::on(const SaleChanged& event, const EventPlace& place) {
  Settings& settings = sales_[event.sale].settings;
  note(event.sale, place, event.cause, "changed", differences(settings, event.settings));
  settings = event.settings;
}

void Audit::on(const SaleMoved& event, const EventPlace& place) {
  note(event.sale, place, event.cause, std::string(name_of(event.to)));
}

void Audit::on(const SaleArchived& event, const EventPlace& place) { note(event.sale, place, {}, "archived"); }

void Audit::on(const SaleAnnounced& event, const EventPlace& place) {
  note(event.sale, place, event.cause, "announced", event.text.empty() ? "nothing any more" : show(event.text));
}

// With the creation, right behind which it happened.
void Audit::on(const BeaconNamed& event, const EventPlace&) {
  sales_[event.sale].lines.back().detail += ", drawn with round " + std::to_string(event.beacon.round) + " of " +
                                            event.beacon.source + ", public at " + show(event.beacon.published_at);
}

void Audit::on(const DrawClosed& event, const EventPlace& place) {
  note(event.sale, place, {}, "draw closed",
       std::to_string(event.entries) + " entries with the root " + to_hex(event.root));
}

void Audit::on(const BeaconGiven& event, const EventPlace& place) {
  note(event.sale, place, event.cause, "beacon given", to_hex(as_bytes(event.value)));
}

void Audit::on(const EntryRemoved& event, const EventPlace& place) {
  note(event.sale, place, event.cause, "entry removed").entry = event.entry;
}

void Audit::on(const HoldReleased& event, const EventPlace& place) {
  if (event.cause.actor.empty()) return;  // the customer gave it back
  note(event.sale, place, event.cause, "hold released").hold = event.hold;
}

// Nothing is added to the trail of a sale that is archived: it is on disk, as it was.
void Audit::on(const MoneyUnexpected& event, const EventPlace& place) {
  const auto book = sales_.find(event.sale);
  if (book == sales_.end()) return;
  note(event.sale, place, {}, "money unexpected",
       show(std::optional(event.paid)) + " came where " + show(std::optional(price_of(book->second.settings))) +
           " was asked (" + std::string(name_of(event.reason)) + ", payment " + show(event.reference) +
           "): all of it goes back")
      .hold = event.hold;
}

void Audit::on(const MoneyReturned& event, const EventPlace& place) {
  if (!sales_.contains(event.sale)) return;
  note(event.sale, place, {}, "money returned", "payment " + show(event.reference)).hold = event.hold;
}

const std::vector<AuditLine>& Audit::lines(SaleNumber sale) const {
  static const std::vector<AuditLine> kNone;
  const auto found = sales_.find(sale);
  return found == sales_.end() ? kNone : found->second.lines;
}

}  // namespace doorbuster::sale
