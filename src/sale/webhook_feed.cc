#include "sale/webhook_feed.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cell/frames.h"
#include "sale/api/render.h"

namespace doorbuster::sale {
namespace {

constexpr size_t kStretchesKept = 4;
constexpr uint64_t kEventsAStretch = 8'192;

// The data of one delivery: an object that begins with the sale.
class Data {
 public:
  Data(const auth::IdSealer& ids, const Settings& settings) : ids_(ids), json_(text_) {
    json_.begin_object().member("sale", settings.id);
  }

  Data& hold(SaleNumber sale, HoldNumber hold) {
    json_.member("hold", auth::view(hold_id(ids_, sale, hold)));
    return *this;
  }
  Data& order(SaleNumber sale, HoldNumber hold) {
    json_.member("order", auth::view(order_id(ids_, sale, hold)));
    return *this;
  }
  Data& entry(SaleNumber sale, EntryNumber entry) {
    json_.member("entry", auth::view(entry_id(ids_, sale, entry)));
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
  [[nodiscard]] std::string take() {
    json_.end_object();
    return std::move(text_);
  }

 private:
  const auth::IdSealer& ids_;
  std::string text_;
  JsonWriter json_;
};

struct Told {
  std::string_view type;  // empty: not for the outside
  std::string json;
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
  Teller(const auth::IdSealer& ids, const Settings& settings) : data_(ids, settings) {}

  Told on(const SaleCreated& e) {
    return {"sale.created", data_.member("units", e.settings.units).cause(e.cause).take()};
  }
  Told on(const SaleChanged& e) {
    return {"sale.changed", data_.member("units", e.settings.units).cause(e.cause).take()};
  }
  Told on(const SaleMoved& e) { return {type_of(e.to), data_.cause(e.cause).take()}; }
  Told on(const SaleAnnounced& e) { return {"sale.announced", data_.member("message", e.text).cause(e.cause).take()}; }
  Told on(const AllHeld&) { return {"sale.all_held", data_.take()}; }
  Told on(const AllSold&) { return {"sale.all_sold", data_.take()}; }
  Told on(const Joined& e) {
    return {"entry.created", data_.entry(e.sale, e.entry).customer(e.customer).member("position", e.position).take()};
  }
  Told on(const Enrolled& e) { return {"entry.created", data_.entry(e.sale, e.entry).customer(e.customer).take()}; }
  Told on(const DrawClosed& e) {
    return {"sale.draw_closed", data_.member("entries", e.entries).member("root", to_hex(e.root)).take()};
  }
  Told on(const BeaconGiven& e) {
    return {"sale.beacon_given", data_.member("value", to_hex(as_bytes(e.value))).cause(e.cause).take()};
  }
  Told on(const Drawn& e) {
    return {"sale.drawn", data_.member("entries", e.entries).member("root", to_hex(e.root)).take()};
  }
  Told on(const Offered& e) {
    return {"entry.offered", data_.entry(e.sale, e.entry).member("claim_until", e.claim_until).take()};
  }
  Told on(const OfferLapsed& e) { return {"entry.lapsed", data_.entry(e.sale, e.entry).take()}; }
  Told on(const EntryLeft& e) { return {"entry.left", data_.entry(e.sale, e.entry).take()}; }
  Told on(const EntryRemoved& e) { return {"entry.removed", data_.entry(e.sale, e.entry).cause(e.cause).take()}; }
  Told on(const Held& e) {
    return {"hold.created", data_.hold(e.sale, e.hold).customer(e.customer).member("expires_at", e.expires_at).take()};
  }
  Told on(const HoldReleased& e) { return {"hold.released", data_.hold(e.sale, e.hold).cause(e.cause).take()}; }
  Told on(const HoldExpired& e) { return {"hold.expired", data_.hold(e.sale, e.hold).take()}; }
  Told on(const PaymentStarted& e) { return {"order.created", ordered(e).customer(e.customer).take()}; }
  Told on(const PaymentSucceeded& e) { return {"order.paid", ordered(e).member("reference", e.reference).take()}; }
  Told on(const PaymentFailed& e) {
    return {"order.payment_failed", ordered(e).member("reference", e.reference).take()};
  }
  Told on(const PaymentLate& e) { return {"order.refund_due", ordered(e).member("reference", e.reference).take()}; }
  Told on(const RefundDone& e) { return {"order.refunded", ordered(e).member("reference", e.reference).take()}; }
  // The rest is our own housekeeping.
  template <class Event>
  Told on(const Event&) {
    return {};
  }

 private:
  template <class Event>
  Data& ordered(const Event& e) {
    return data_.order(e.sale, e.hold).hold(e.sale, e.hold).member("attempt", e.attempt);
  }

  Data data_;
};

}  // namespace

std::optional<platform::Delivery> WebhookFeed::next(uint64_t after_sequence) {
  while (const Stretch* stretch = stretch_behind(after_sequence)) {
    const auto found =
        std::find_if(stretch->deliveries.begin(), stretch->deliveries.end(),
                     [&](const platform::Delivery& delivery) { return delivery.sequence > after_sequence; });
    if (found != stretch->deliveries.end()) return *found;
    after_sequence = stretch->until;
  }
  return std::nullopt;
}

// A stretch that holds the events from behind `sequence` on; null while there are none.
const WebhookFeed::Stretch* WebhookFeed::stretch_behind(uint64_t sequence) {
  const auto holds = [&](const Stretch& stretch) { return stretch.after <= sequence && sequence < stretch.until; };
  const auto known = std::find_if(stretches_.begin(), stretches_.end(), holds);
  if (known != stretches_.end()) return &*known;
  return read_stretch(sequence) ? &stretches_.front() : nullptr;
}

// Reads whole batches. What the views have heard is durable, and its sales are in the directory.
bool WebhookFeed::read_stretch(uint64_t after) {
  const uint64_t end = follower_.position().value();
  if (after >= end) return false;
  Stretch stretch{.after = after, .until = after, .deliveries = {}};
  const auto page = directory_.page();
  const auto take = [&](const log::Batch& batch) {
    if (batch.first.value() + batch.count - 1 > end || stretch.until - stretch.after >= kEventsAStretch) return false;
    uint64_t sequence = batch.first.value();
    const auto read = cell::for_each_frame(batch.payload, [&](Timestamp at, uint32_t, Bytes events) {
      return for_each_event(events, [&](const auto& event) {
        const Settings& settings = page->find(event.sale)->settings;
        Told told = Teller(ids_, settings).on(event);
        if (sequence > after && !told.type.empty()) {
          stretch.deliveries.push_back({.sequence = sequence,
                                        .sale = settings.id,
                                        .type = std::string(told.type),
                                        .at = at,
                                        .json = std::move(told.json),
                                        .trace = follower_.causes().of(Sequence(sequence))});
        }
        stretch.until = sequence++;
      });
    });
    return read.has_value();
  };
  if (!log_.read(cell_, Sequence(after + 1), take) || stretch.until <= after) return false;
  stretches_.push_front(std::move(stretch));
  if (stretches_.size() > kStretchesKept) stretches_.pop_back();
  return true;
}

}  // namespace doorbuster::sale
