#include "recs/api/answers.h"

namespace doorbuster::recs {
namespace {

// For people: an item is called by its title, where the shop has given it one.
std::string title_of(const Item& item) { return item.content.title.empty() ? item.name : item.content.title; }

std::string reason_of(const Recommended& one, const RecsTables& tables) {
  const std::string because = one.because == kNobody ? "" : title_of(tables.catalogue()[one.because]);
  switch (one.source) {
    case Source::kAlsoBought:
      return "it was bought together with " + because;
    case Source::kAlsoViewed:
      return "it was looked at together with " + because;
    case Source::kSimilar:
      return "it is like " + because;
    case Source::kPopularInCategory:
      return "it is popular in its category";
    case Source::kPopular:
      return "it is popular";
    case Source::kNewest:
      return "it is new";
    case Source::kPinned:
      return "the shop puts it first";
    case Source::kPromoted:
      return "the shop promotes it";
    case Source::kTrending:
      return "it is looked at and bought more than usual";
    case Source::kSession:
      return "visitors who looked at " + because + " went on to it";
    case Source::kReminder:
      return "it was looked at in this visit";
    case Source::kColdStart:
      return "it is new, and like " + because;
    case Source::kTaste:
      return "it fits what was looked at and bought before";
    case Source::kAsGiven:
      return "nothing is known that speaks for it";
  }
  return {};
}

void write_shown(JsonWriter& json, const Content& content) {
  if (!content.title.empty()) json.member("title", content.title);
  if (!content.url.empty()) json.member("url", content.url);
  if (!content.image.empty()) json.member("image", content.image);
  if (content.price) json.member("price", *content.price);
  if (!content.currency.empty()) json.member("currency", content.currency);
  write_sales(json, content);
}

}  // namespace

uint64_t Freshness::millis(Timestamp now) const {
  if (follower.position(cell).value() >= durable.load(std::memory_order_acquire)) return 0;
  const int64_t micros = (now - view.heard_at()).micros();
  return micros > 0 ? static_cast<uint64_t>(micros) / 1'000 : 0;
}

void write_experiment(JsonWriter& json, const GivenAnswer& given) {
  if (given.experiment.empty()) return;
  json.key("experiment").begin_object().member("name", given.experiment).key("variant");
  if (given.variants.size() == 1)
    json.value(given.variants.front());
  else
    json.value(nullptr);
  json.end_object();
}

// Of an interleaving there are two variants, and each item is of one.
void write_recommendations(JsonWriter& json, const RecsTables& tables, const std::vector<Recommended>& items,
                           const std::vector<std::string>& variants) {
  json.key("items").begin_array();
  for (const Recommended& one : items) {
    const Item& item = tables.catalogue()[one.item];
    json.begin_object().member("item", item.name).member("score", one.score);
    json.member("source", kSourceNames[static_cast<size_t>(one.source)]).member("reason", reason_of(one, tables));
    write_shown(json, item.content);
    if (one.pool > 0) json.member("propensity", static_cast<double>(one.propensity));
    if (one.is_promoted) json.member("promoted", true);
    if (one.is_beyond_cap) json.member("beyond_cap", true);
    if (variants.size() == 2) json.member("variant", variants[one.team]);
    json.end_object();
  }
  json.end_array();
}

void write_explanation(JsonWriter& json, const RecsTables& tables, const GivenAnswer& given) {
  const Catalogue& items = tables.catalogue();
  json.key("from").begin_array();
  for (const uint32_t item : given.from) json.value(items[item].name);
  json.end_array().key("items").begin_array();
  for (const Recommended& one : given.items) {
    const Item& item = items[one.item];
    json.begin_object().member("item", item.name).member("score", one.score);
    json.member("source", kSourceNames[static_cast<size_t>(one.source)]).member("reason", reason_of(one, tables));
    json.member("bought_by", item.bought_by).member("viewed_by", item.viewed_by);
    json.member("popularity", items.popularity_of(one.item));
    if (one.because != kNobody) {
      json.member("because", items[one.because].name);
      json.member("pair_weight_bought", tables.pairs(PairKind::kBought).weight(one.because, one.item));
      json.member("pair_weight_viewed", tables.pairs(PairKind::kViewed).weight(one.because, one.item));
    }
    json.end_object();
  }
  json.end_array();
}

void respond_public(net::Exchange& exchange, std::string_view body) {
  exchange.respond(net::Response{.content_type = "application/json",
                                 .body = body,
                                 .headers = {{"Cache-Control", "no-store"}, {"Access-Control-Allow-Origin", "*"}}});
}

}  // namespace doorbuster::recs
