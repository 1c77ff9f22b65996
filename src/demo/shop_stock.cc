#include "demo/shop_stock.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::demo {
namespace {

constexpr size_t kRowsOfRequest = 1'000;
constexpr uint64_t kShoppersBefore = 2'000;
constexpr int kVisitsOfEach = 4;
constexpr int64_t kDaysBefore = 21;
constexpr int64_t kSecondsOfDay = 86'400;
constexpr std::string_view kGames = "games";

// Where the shop's pages show something (web/demo_shop/), so that operators see what comes of each.
constexpr std::array<std::string_view, 7> kSurfaces = {
    "home", "home-trending", "category", "product-bought", "product-viewed", "product-similar", "cart"};

void write_item(JsonWriter& json, const CatalogueItem& item, Timestamp now) {
  json.begin_object().member("item", item.id).member("title", item.title).member("brand", item.brand_name());
  json.key("categories").begin_array().value(item.of_category().slug).value(item.of_kind().slug).end_array();
  json.member("price", static_cast<double>(item.cents) / 100).member("currency", Catalogue::kCurrency);
  json.member("text", item.text).member("url", page_of(item)).member("image", picture_path_of(item));
  json.member("published_at", now - Duration::seconds(item.age_days * kSecondsOfDay));
  json.key("attributes").begin_object().member("colour", colours()[item.colour].name);
  json.dynamic_key(item.of_kind().measure).value(item.measure).end_object().end_object();
}

std::string body_of_items(std::span<const CatalogueItem> items, Timestamp now) {
  std::string body;
  JsonWriter json(body);
  json.begin_array();
  for (const CatalogueItem& item : items) write_item(json, item, now);
  json.end_array();
  return body;
}

// What is on sale goes with games: who comes too late for it is shown them.
std::string body_of_sales(const std::vector<DemoSale>& sales) {
  std::string body;
  JsonWriter json(body);
  json.begin_array();
  for (const DemoSale& sale : sales) {
    json.begin_object().member("item", sale.id).member("title", sale.seen.title).member("url", "/s/" + sale.id);
    json.key("categories").begin_array().value(kGames).end_array().end_object();
  }
  json.end_array();
  return body;
}

class Stocker {
 public:
  Stocker(std::string operators, std::string key) : http_(std::move(operators)), key_(std::move(key)) {}

  Result<bool> has(const CatalogueItem& item) {
    const DemoAnswer found =
        TRY(http_.call({.method = "GET", .path = "/api/v1/recs/items/" + item.id, .bearer = key_}));
    if (!found.good()) return false;
    JsonDocument document(found.body);
    return document.root().optional("title").string() == item.title;
  }

  Result<void> send(const std::string& method, const std::string& path, const std::string& body,
                    std::string_view what) {
    const DemoAnswer answer = TRY(http_.call({.method = method, .path = path, .bearer = key_, .body = body}));
    if (answer.good()) return {};
    return fail(ErrorCode::kConflict,
                "the demo shop's " + std::string(what) + " can't be told to the server: " + words_of_problem(answer));
  }

  Result<void> put_items(const Catalogue& catalogue, Timestamp now) {
    std::span<const CatalogueItem> rest = catalogue.items();
    while (!rest.empty()) {
      const auto part = rest.first(std::min(rest.size(), kRowsOfRequest));
      TRY(send("POST", "/api/v1/recs/items:batch", body_of_items(part, now), "catalogue"));
      rest = rest.subspan(part.size());
    }
    return {};
  }

  Result<void> record(std::span<const ShopEvent> events) {
    while (!events.empty()) {
      const auto part = events.first(std::min(events.size(), kRowsOfRequest));
      TRY(send("POST", "/api/v1/recs/events", body_of_events(part), "visits"));
      events = events.subspan(part.size());
    }
    return {};
  }

  Result<void> put_surfaces() {
    for (const std::string_view surface : kSurfaces)
      TRY(send("PUT", "/api/v1/recs/surfaces/" + std::string(surface), "{}", "surfaces"));
    return {};
  }

  Result<void> put_sales(const std::vector<DemoSale>& sales) {
    return send("POST", "/api/v1/recs/items:batch", body_of_sales(sales), "sales");
  }

 private:
  DemoHttp http_;
  const std::string key_;
};

void add_visit(const Catalogue& catalogue, Shopper& shopper, uint64_t number, Timestamp at,
               std::vector<ShopEvent>& events) {
  const std::string user = "shopper-" + std::to_string(number);
  for (const Deed& deed : shopper.visit()) {
    events.push_back(
        {.type = name_of(deed.kind), .item = catalogue.items()[deed.item].id, .user = user, .at = at, .surface = {}});
    at = at + Duration::seconds(40);
  }
}

// Who looks at games has looked at what is on sale, as well.
void add_looks_at(const std::vector<DemoSale>& sales, const Catalogue& catalogue, Prng& random,
                  std::vector<ShopEvent>& events) {
  std::vector<ShopEvent> looks;
  for (const ShopEvent& event : events) {
    const CatalogueItem* item = catalogue.find(event.item);
    if (item == nullptr || item->of_category().slug != kGames || !random.chance(12) || sales.empty()) continue;
    ShopEvent look = event;
    look.type = name_of(DeedKind::kView);
    look.item = sales[random.below(sales.size())].id;
    looks.push_back(std::move(look));
  }
  events.insert(events.end(), looks.begin(), looks.end());
}

std::vector<ShopEvent> events_before(const Catalogue& catalogue, const std::vector<DemoSale>& sales, Timestamp now) {
  Prng random(1);
  std::vector<ShopEvent> events;
  for (uint64_t number = 1; number <= kShoppersBefore; ++number) {
    Shopper shopper(catalogue, number);
    for (int visit = 0; visit < kVisitsOfEach; ++visit) {
      const auto ago = static_cast<int64_t>(random.below(kDaysBefore * kSecondsOfDay)) + 3'600;
      add_visit(catalogue, shopper, number, now - Duration::seconds(ago), events);
    }
  }
  add_looks_at(sales, catalogue, random, events);
  std::ranges::stable_sort(events, {}, [](const ShopEvent& event) { return *event.at; });
  return events;
}

}  // namespace

std::string_view name_of(DeedKind kind) {
  if (kind == DeedKind::kView) return "view";
  return kind == DeedKind::kCart ? "cart" : "purchase";
}

std::string body_of_events(std::span<const ShopEvent> events) {
  std::string body;
  JsonWriter json(body);
  json.begin_array();
  for (const ShopEvent& event : events) {
    json.begin_object().member("type", event.type).member("item", event.item);
    if (!event.user.empty()) json.member("user", event.user);
    if (!event.session.empty()) json.member("session", event.session);
    if (!event.id.empty()) json.member("id", event.id);
    if (event.at) json.member("at", *event.at);
    if (!event.surface.empty()) json.member("surface", event.surface);
    if (!event.recommendation.empty()) json.member("recommendation", event.recommendation);
    json.end_object();
  }
  json.end_array();
  return body;
}

Result<void> stock_demo_shop(const std::string& operators, const std::string& data, const Catalogue& catalogue,
                             const std::vector<DemoSale>& sales) {
  Stocker stocker(operators, TRY(operator_key_of(data)));
  const Timestamp now = SystemClock().now();
  const bool is_known = TRY(stocker.has(catalogue.items().back()));
  TRY(stocker.put_sales(sales));
  if (is_known) return {};
  TRY(stocker.put_surfaces());
  TRY(stocker.put_items(catalogue, now));
  return stocker.record(events_before(catalogue, sales, now));
}

}  // namespace doorbuster::demo
