#include "sale/webhook_feed.h"

#include <algorithm>
#include <map>

#include "base/annotations_json.h"
#include "base/encoding.h"
#include "base/json_writer.h"
#include "cell/frames.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

constexpr size_t kRangesKept = 4;
constexpr uint64_t kEventsARange = 8'192;

struct Told {
  std::string_view type = {};  // empty: not for the outside
  std::string key = {};
  std::string json = {};
};

// The data of one delivery: an object that begins with the sale. Its key is the hold or the entry that it names, or
// else the sale.
class Data {
 public:
  Data(const auth::IdSealer& ids, const std::string& sale) : ids_(ids), key_(sale), json_(text_) {
    json_.begin_object().member("sale", sale);
  }

  Data& hold(SaleNumber sale, HoldNumber hold) {
    const auto id = hold_id(ids_, sale, hold);
    key_ = auth::view(id);
    json_.member("hold", auth::view(id));
    return *this;
  }
  Data& order(SaleNumber sale, HoldNumber hold) {
    json_.member("order", auth::view(order_id(ids_, sale, hold)));
    return *this;
  }
  Data& entry(SaleNumber sale, EntryNumber entry) {
    const auto id = entry_id(ids_, sale, entry);
    key_ = auth::view(id);
    json_.member("entry", auth::view(id));
    return *this;
  }
  Data& customer(const CustomerHash& customer) {
    json_.member("customer", customer_text(customer));
    return *this;
  }
  Data& cause(const Cause& cause) {
    json_.member("actor", cause.actor.empty() ? std::optional<std::string>() : std::optional(cause.actor));
    json_.member("reason", cause.reason);
    return *this;
  }
  template <class T>
  Data& member(JsonKey name, const T& value) {
    json_.member(name, value);
    return *this;
  }
  Data& money(JsonKey name, const Money& money) {
    json_.key(name).begin_object().member("amount", money.amount).member("currency", money.currency.code());
    json_.end_object();
    return *this;
  }
  // What is attached to the hold or the entry.
  Data& annotations(const Annotations& annotations) {
    write_annotations(json_, annotations);
    return *this;
  }
  [[nodiscard]] Told as(std::string_view type) {
    json_.end_object();
    return {.type = type, .key = std::move(key_), .json = std::move(text_)};
  }

 private:
  const auth::IdSealer& ids_;
  std::string key_;
  std::string text_;
  JsonWriter json_;
};

std::string_view type_of(SaleState state) {
  switch (state) {
    case SaleState::kDraft:
      return {};
    case SaleState::kScheduled:
      return "sale.scheduled";
    case SaleState::kPrequeue:
      return "sale.prequeue";
    case SaleState::kOpen:
      return "sale.opened";
    case SaleState::kPaused:
      return "sale.paused";
    case SaleState::kClosed:
      return "sale.closed";
  }
  return {};
}

// One function a kind of event; what it says is in docs/webhooks.md.
class Teller {
 public:
  Teller(const auth::IdSealer& ids, const std::string& sale) : data_(ids, sale) {}

  Told on(const SaleCreated& e) { return data_.member("units", e.settings.units).cause(e.cause).as("sale.created"); }
  Told on(const SaleChanged& e) { return data_.member("units", e.settings.units).cause(e.cause).as("sale.changed"); }
  Told on(const SaleMoved& e) { return data_.cause(e.cause).as(type_of(e.to)); }
  Told on(const SaleAnnounced& e) { return data_.member("message", e.text).cause(e.cause).as("sale.announced"); }
  Told on(const AllHeld&) { return data_.as("sale.all_held"); }
  Told on(const AllSold&) { return data_.as("sale.all_sold"); }
  Told on(const Joined& e) {
    return data_.entry(e.sale, e.entry)
        .customer(e.customer)
        .member("position", e.position)
        .annotations(*e.annotations)
        .as("entry.created");
  }
  // Before a draw nobody knows yet when the place will be there.
  Told on(const JoinDelayed& e) {
    return data_.entry(e.sale, e.entry)
        .customer(e.customer)
        .member("delayed_until", unless_zero(e.place_at))
        .annotations(*e.annotations)
        .as("entry.created");
  }
  Told on(const EntryPlaced& e) {
    return data_.entry(e.sale, e.entry).member("position", e.position).annotations(*e.annotations).as("entry.placed");
  }
  Told on(const Enrolled& e) {
    return data_.entry(e.sale, e.entry).customer(e.customer).annotations(*e.annotations).as("entry.created");
  }
  Told on(const DrawClosed& e) {
    return data_.member("entries", e.entries).member("root", to_hex(e.root)).as("sale.draw_closed");
  }
  Told on(const BeaconGiven& e) {
    return data_.member("value", to_hex(as_bytes(e.value))).cause(e.cause).as("sale.beacon_given");
  }
  Told on(const Drawn& e) { return data_.member("entries", e.entries).member("root", to_hex(e.root)).as("sale.drawn"); }
  Told on(const Offered& e) {
    return data_.entry(e.sale, e.entry)
        .member("claim_until", e.claim_until)
        .annotations(*e.annotations)
        .as("entry.offered");
  }
  Told on(const OfferLapsed& e) { return data_.entry(e.sale, e.entry).annotations(*e.annotations).as("entry.lapsed"); }
  Told on(const EntryLeft& e) { return data_.entry(e.sale, e.entry).annotations(*e.annotations).as("entry.left"); }
  Told on(const EntryRemoved& e) {
    return data_.entry(e.sale, e.entry).cause(e.cause).annotations(*e.annotations).as("entry.removed");
  }
  Told on(const Held& e) {
    return data_.hold(e.sale, e.hold)
        .customer(e.customer)
        .member("expires_at", e.expires_at)
        .annotations(*e.annotations)
        .as("hold.created");
  }
  Told on(const HoldReleased& e) {
    return data_.hold(e.sale, e.hold).cause(e.cause).annotations(*e.annotations).as("hold.released");
  }
  Told on(const HoldExpired& e) { return data_.hold(e.sale, e.hold).annotations(*e.annotations).as("hold.expired"); }
  Told on(const PaymentStarted& e) { return ordered(e).customer(e.customer).as("order.created"); }
  Told on(const PaymentSucceeded& e) { return ordered(e).member("reference", e.reference).as("order.paid"); }
  Told on(const PaymentFailed& e) { return ordered(e).member("reference", e.reference).as("order.payment_failed"); }
  Told on(const PaymentLate& e) { return ordered(e).member("reference", e.reference).as("order.refund_due"); }
  Told on(const RefundDone& e) { return ordered(e).member("reference", e.reference).as("order.refunded"); }

  Told on(const MoneyUnexpected& e) {
    return ordered(e)
        .member("reference", e.reference)
        .member("reason", name_of(e.reason))
        .money("paid", e.paid)
        .as("order.refund_due");
  }
  Told on(const MoneyReturned& e) { return ordered(e).member("reference", e.reference).as("order.refunded"); }

  // Our own housekeeping. Each by its name, so that nobody forgets to ask of a new kind what the outside hears of it.
  static Told on(const SaleArchived&) { return {}; }
  static Told on(const RecordsForgotten&) { return {}; }
  static Told on(const OfferExtended&) { return {}; }
  static Told on(const EntryForgotten&) { return {}; }
  static Told on(const HoldForgotten&) { return {}; }
  static Told on(const DrawCommitted&) { return {}; }
  static Told on(const BeaconNamed&) { return {}; }

 private:
  template <class Event>
  Data& ordered(const Event& e) {
    return data_.order(e.sale, e.hold).hold(e.sale, e.hold).member("attempt", e.attempt).annotations(*e.annotations);
  }

  Data data_;
};

// Of the first cell as it was when there was one only: receivers remember ids.
std::string delivery_id(CellId cell, uint64_t sequence) {
  const std::string number = std::to_string(sequence);
  return cell == CellId{0} ? "evt_" + number : "evt_" + std::to_string(cell.value()) + "_" + number;
}

}  // namespace

WebhookFeed::WebhookFeed(log::Log& log, CellId cell, Sequence tail, const Directory& directory,
                         const auth::IdSealer& ids, const Views& views)
    : log_(log),
      cell_(cell),
      id_{.service = "sale", .cell = cell.value()},
      tail_at_start_(tail.value()),
      directory_(directory),
      ids_(ids),
      views_(views) {}

// At the start the views have not heard everything that is durable.
uint64_t WebhookFeed::newest() const { return std::max(tail_at_start_, views_.position().value()); }

uint64_t WebhookFeed::read(uint64_t after, const Visit& visit) {
  while (const Range* range = range_behind(after)) {
    const auto is_behind = [](uint64_t sequence, const auto& delivery) { return sequence < delivery->sequence; };
    auto next = std::upper_bound(range->deliveries.begin(), range->deliveries.end(), after, is_behind);
    for (; next != range->deliveries.end(); ++next) {
      if (!visit(*next)) return (*next)->sequence;
    }
    after = range->until;
  }
  return after;
}

// Time in a log never goes back, so the place is found by halving: a batch is read for each step.
uint64_t WebhookFeed::last_before(Timestamp from) {
  uint64_t earlier = 0;  // of the last event that is known to be earlier
  uint64_t later = newest() + 1;
  while (later - earlier > 1) {
    const uint64_t middle = earlier + (later - earlier) / 2;
    uint64_t first = middle;
    uint64_t last = middle;
    bool is_earlier = false;
    const auto look = [&](const log::Batch& batch) {
      first = batch.first.value();
      last = log::last_of(batch).value();
      is_earlier = batch.at < from;
      return false;
    };
    if (!log_.read(cell_, Sequence(middle), look)) return earlier;
    if (is_earlier)
      earlier = std::min(last, later - 1);
    else
      later = std::max(first, earlier + 1);
  }
  return earlier;
}

// A range that holds the events from behind `sequence` on; null while there are none.
const WebhookFeed::Range* WebhookFeed::range_behind(uint64_t sequence) {
  const auto holds = [&](const Range& range) { return range.after <= sequence && sequence < range.until; };
  const auto known = std::find_if(ranges_.begin(), ranges_.end(), holds);
  if (known != ranges_.end()) return &*known;
  return read_range(sequence) ? &ranges_.front() : nullptr;
}

// Empty if the directory does not know it yet.
std::string WebhookFeed::id_of(SaleNumber sale, const Directory::Page& page) const {
  if (const Listing* listing = page.find(sale)) return listing->settings.id;
  return page.knows(sale) ? views_.id_of(sale) : std::string();
}

// Reads whole batches. What the views have heard is durable, but a sale that is new may not be in the directory yet:
// its batch waits for the next time.
bool WebhookFeed::read_range(uint64_t after) {
  const uint64_t end = views_.position().value();
  if (after >= end) return false;
  Range range{.after = after, .until = after};
  const auto page = directory_.page();
  std::map<SaleNumber, std::string> ids;
  const auto take = [&](const log::Batch& batch) {
    if (log::last_of(batch).value() > end || range.until - range.after >= kEventsARange) return false;
    uint64_t sequence = batch.first.value();
    bool is_known = true;
    Deliveries deliveries;
    const auto hear = [&](Timestamp at, const auto& event) {
      std::string& sale = ids[event.sale];
      if (sale.empty()) sale = id_of(event.sale, *page);
      is_known = is_known && !sale.empty();
      if (sequence > after && is_known) add_delivery(sale, event, sequence, at, deliveries);
      ++sequence;
    };
    const auto read = cell::for_each_frame(batch.payload, [&](Timestamp at, uint32_t, Bytes events) {
      return for_each_known_event(events, [&](const auto& event) { hear(at, event); }, [&](uint8_t) { ++sequence; });
    });
    if (!read || !is_known) return false;
    range.until = sequence - 1;
    range.deliveries.insert(range.deliveries.end(), deliveries.begin(), deliveries.end());
    return true;
  };
  if (!log_.read(cell_, Sequence(after + 1), take) || range.until <= after) return false;
  ranges_.push_front(std::move(range));
  if (ranges_.size() > kRangesKept) ranges_.pop_back();
  return true;
}

template <class E>
void WebhookFeed::add_delivery(const std::string& sale, const E& event, uint64_t sequence, Timestamp at,
                               Deliveries& deliveries) const {
  Told told = Teller(ids_, sale).on(event);
  if (told.type.empty()) return;
  deliveries.push_back(
      std::make_shared<const platform::Delivery>(platform::Delivery{.sequence = sequence,
                                                                    .key = std::move(told.key),
                                                                    .id = delivery_id(cell_, sequence),
                                                                    .resource = "/api/v1/sales/" + sale,
                                                                    .type = std::string(told.type),
                                                                    .at = at,
                                                                    .json = std::move(told.json),
                                                                    .trace = views_.traces().of(Sequence(sequence))}));
}

}  // namespace doorbuster::sale
