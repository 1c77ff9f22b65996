#include "sale/api/render.h"

#include <array>
#include <cmath>

#include "base/annotations_json.h"
#include "base/encoding.h"

namespace doorbuster::sale {
namespace {

void write_price(JsonWriter& json, const std::optional<Money>& price) {
  json.key("price");
  if (!price) {
    json.value(nullptr);
    return;
  }
  json.begin_object().member("amount", price->amount).member("currency", price->currency.code()).end_object();
}

void write_item(JsonWriter& json, const Item& item) {
  json.key("item").begin_object();
  json.member("sku", item.sku).member("title", item.title);
  json.member("image_url", item.image_url).member("description", item.description).end_object();
}

void write_countries(JsonWriter& json, JsonKey name, const std::vector<Country>& countries) {
  json.key(name).begin_array();
  for (const Country& code : countries) json.value(std::string_view(code.data(), code.size()));
  json.end_array();
}

void write_beacon(JsonWriter& json, const std::optional<Beacon>& beacon, const PublicStatus& status) {
  json.key("beacon");
  if (!beacon) {
    json.value(nullptr);
    return;
  }
  const bool is_given = !status.beacon.empty();
  json.begin_object().member("source", beacon->source).member("round", beacon->round);
  json.member("published_at", beacon->published_at);
  json.member("value", is_given ? std::optional(to_hex(status.beacon.bytes())) : std::nullopt).end_object();
}

void write_draw(JsonWriter& json, const Listing& listing, const PublicStatus& status) {
  json.key("draw");
  if (!status.has_draw) {
    json.value(nullptr);
    return;
  }
  const auto once = [](bool is_public, const Digest& digest) {
    return is_public ? std::optional(to_hex(digest)) : std::nullopt;
  };
  json.begin_object().member("commitment", to_hex(status.commitment)).member("entries", status.drawn);
  json.member("drawn", status.is_drawn).member("root", once(status.is_draw_closed, status.draw_root));
  json.member("secret", once(status.is_drawn, status.draw_secret));
  write_beacon(json, listing.beacon, status);
  json.member("transcript",
              status.is_drawn ? std::optional("/api/v1/sales/" + listing.settings.id + "/transcript") : std::nullopt);
  json.end_object();
}

template <class Number>
auth::SealedText seal(const auth::IdSealer& ids, auth::IdKind kind, SaleNumber sale, Number number) {
  return ids.seal({kind, sale.value(), number.packed()});
}

}  // namespace

std::optional<Timestamp> unless_zero(Timestamp at) { return at == Timestamp() ? std::nullopt : std::optional(at); }

std::optional<double> ratio(uint64_t part, uint64_t whole) {
  return whole == 0 ? std::nullopt : std::optional(static_cast<double>(part) / static_cast<double>(whole));
}

auth::SealedText hold_id(const auth::IdSealer& ids, SaleNumber sale, HoldNumber number) {
  return seal(ids, auth::IdKind::kHold, sale, number);
}

auth::SealedText order_id(const auth::IdSealer& ids, SaleNumber sale, HoldNumber number) {
  return seal(ids, auth::IdKind::kOrder, sale, number);
}

auth::SealedText entry_id(const auth::IdSealer& ids, SaleNumber sale, EntryNumber number) {
  return seal(ids, auth::IdKind::kEntry, sale, number);
}

std::string customer_text(const CustomerHash& customer) {
  const std::array<uint64_t, 2> words = {__builtin_bswap64(customer.high), __builtin_bswap64(customer.low)};
  return to_hex(std::as_bytes(std::span(words)));
}

std::optional<CustomerHash> customer_named(std::string_view text) {
  std::array<uint64_t, 2> words;
  if (!from_hex(text, std::as_writable_bytes(std::span(words)))) return std::nullopt;
  return CustomerHash{.high = __builtin_bswap64(words[0]), .low = __builtin_bswap64(words[1])};
}

void write_sale(JsonWriter& json, const Listing& listing, const PublicStatus& status) {
  const Settings& settings = listing.settings;
  json.begin_object();
  json.member("id", settings.id).member("title", settings.title).member("state", name_of(status.state));
  json.member("units", status.units).member("available", status.available).member("offered", status.offered);
  json.member("held", status.held).member("paying", status.paying).member("sold", status.sold);
  json.member("waiting", status.waiting).member("now_serving", status.now_serving);
  json.member("all_held_at", unless_zero(status.all_held_at)).member("all_sold_at", unless_zero(status.all_sold_at));
  write_item(json, settings.item);
  write_price(json, settings.price);
  json.member("queue", name_of(settings.queue))
      .member("per_customer", settings.per_customer)
      .member("guests", settings.guests);
  json.member("prequeue_opens_at", settings.prequeue_opens_at);
  json.member("opens_at", settings.opens_at).member("closes_at", settings.closes_at);
  json.member("claim_seconds", settings.claim_seconds).member("hold_seconds", settings.hold_seconds);
  json.member("payment_grace_seconds", settings.payment_grace_seconds);
  json.member("outflow_per_minute", settings.outflow_per_minute).member("review", settings.entry_rules.review);
  write_countries(json, "allowed_countries", settings.entry_rules.allowed_countries);
  write_countries(json, "denied_countries", settings.entry_rules.denied_countries);
  json.member("message", listing.message.empty() ? std::nullopt : std::optional(listing.message));
  write_draw(json, listing, status);
  json.end_object();
}

void write_hold(JsonWriter& json, const auth::IdSealer& ids, const Listing& listing, const HoldView& hold,
                const Annotations& annotations) {
  json.begin_object();
  json.member("id", auth::view(hold_id(ids, hold.sale, hold.number))).member("sale", listing.settings.id);
  json.member("state", name_of(hold.state)).member("expires_at", hold.expires_at);
  write_price(json, listing.settings.price);
  if (hold.attempts > 0) {
    json.member("order", auth::view(order_id(ids, hold.sale, hold.number)));
  } else {
    json.member("order", nullptr);
  }
  write_annotations(json, annotations);
  json.end_object();
}

void write_entry_members(JsonWriter& json, const auth::IdSealer& ids, const Listing& listing, const EntryView& entry,
                         std::string_view id, const Estimate& estimate, const Annotations& annotations) {
  json.member("id", id).member("sale", listing.settings.id);
  const bool has_position = entry.position > 0;
  json.member("state", name_of(entry.state));
  json.member("position", has_position ? std::optional(entry.position) : std::nullopt);
  json.member("people_ahead", has_position ? std::optional(entry.people_ahead) : std::nullopt);
  json.member("delayed_until", unless_zero(entry.delayed_until));
  json.member("odds", std::round(estimate.odds * 1000) / 1000);
  json.key("estimated_wait");
  if (estimate.wait) {
    json.begin_object().member("p10_seconds", estimate.wait->p10_seconds);
    json.member("p50_seconds", estimate.wait->p50_seconds);
    json.member("p90_seconds", estimate.wait->p90_seconds).end_object();
  } else {
    json.value(nullptr);
  }
  json.member("next_poll_seconds", estimate.next_poll_seconds);
  const bool offered = entry.state == EntryState::kOffered;
  json.member("claim_until", offered ? std::optional(entry.claim_until) : std::nullopt);
  if (entry.hold) {
    json.member("hold", auth::view(hold_id(ids, entry.sale, *entry.hold)));
  } else {
    json.member("hold", nullptr);
  }
  write_annotations(json, annotations);
}

void write_receipt(JsonWriter& json, const std::optional<DrawReceipt>& receipt) {
  if (!receipt) {
    json.value(nullptr);
    return;
  }
  const bool is_closed = receipt->entries > 0;
  json.begin_object().member("index", receipt->index).member("nonce", to_base64url(as_bytes(receipt->nonce)));
  json.member("leaf", to_hex(receipt->leaf)).member("commitment", to_hex(receipt->commitment));
  json.member("entries", is_closed ? std::optional(receipt->entries) : std::nullopt);
  json.member("root", is_closed ? std::optional(to_hex(receipt->root)) : std::nullopt);
  json.key("proof");
  if (is_closed) {
    json.begin_array();
    for (const Digest& sibling : receipt->proof) json.value(to_hex(sibling));
    json.end_array();
  } else {
    json.value(nullptr);
  }
  json.end_object();
}

void write_order(JsonWriter& json, const auth::IdSealer& ids, const Listing& listing, const HoldView& hold,
                 const Annotations& annotations, const std::string& redirect_url) {
  json.begin_object();
  json.member("id", auth::view(order_id(ids, hold.sale, hold.number))).member("sale", listing.settings.id);
  json.member("hold", auth::view(hold_id(ids, hold.sale, hold.number)));
  json.member("state", name_of(hold.state)).member("refund", name_of(hold.refund)).member("attempts", hold.attempts);
  json.member("expires_at", hold.expires_at);
  write_price(json, listing.settings.price);
  json.member("redirect_url", redirect_url.empty() ? std::nullopt : std::optional(redirect_url));
  write_annotations(json, annotations);
  json.end_object();
}

void write_order_line(JsonWriter& json, const auth::IdSealer& ids, const Order& order) {
  json.begin_object();
  json.member("id", auth::view(order_id(ids, order.sale, order.hold)))
      .member("hold", auth::view(hold_id(ids, order.sale, order.hold)));
  json.member("customer", customer_text(order.customer));
  json.member("state", name_of(order.state)).member("refund", name_of(order.refund)).member("attempts", order.attempts);
  json.member("started_at", order.started_at).member("settled_at", unless_zero(order.settled_at));
  json.member("reference", order.reference);
  write_annotations(json, *order.annotations);
  json.end_object();
}

void write_audit_line(JsonWriter& json, const auth::IdSealer& ids, SaleNumber sale, const AuditLine& line) {
  json.begin_object().member("sequence", line.sequence.value()).member("at", line.at);
  json.member("actor", line.actor.empty() ? std::nullopt : std::optional(line.actor));
  json.member("action", line.action).member("detail", line.detail).member("reason", line.reason);
  const auto write_id = [&json](JsonKey name, const std::optional<auth::SealedText>& id) {
    json.member(name, id ? std::optional(auth::view(*id)) : std::nullopt);
  };
  write_id("entry", line.entry ? std::optional(entry_id(ids, sale, *line.entry)) : std::nullopt);
  write_id("hold", line.hold ? std::optional(hold_id(ids, sale, *line.hold)) : std::nullopt);
  json.end_object();
}

}  // namespace doorbuster::sale
