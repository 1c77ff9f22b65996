#include "demo/demo_sales.h"

#include <array>
#include <filesystem>
#include <optional>

#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::demo {
namespace {

struct Offer {
  std::string_view id;
  std::string_view title;
  std::string_view sku;
  std::string_view image;
  std::string_view description;
  uint32_t units;
  int64_t cents;
  std::string_view queue;
  int64_t opens_in_seconds;
  // Two minutes, so that a newcomer can see a hold expire; less where many wait for it.
  uint32_t hold_seconds = 120;
  uint32_t claim_seconds = 60;
  uint32_t payment_grace_seconds = 120;
  std::optional<uint32_t> outflow_per_minute = {};  // slow enough to watch
};

constexpr int kNamesMax = 1'000;
constexpr size_t kLinksMax = 1'000;

constexpr std::array<std::string_view, 3> kChannels = {"Newsletter", "Poster in the station", "Video"};

constexpr std::array kOffers = {
    Offer{"demo", "Game console, launch edition", "CONSOLE-1", "/demo-console.svg",
          "Ten thousand units, one for each customer. First come, first served.", 10'000, 49'900, "none", 0},
    Offer{"demo-queue", "Poster of the launch, numbered", "POSTER-1", "/demo-poster.svg",
          "Two hundred prints behind a queue: take a place, and you are told when it is your turn.", 200, 4'500, "fifo",
          0},
    Offer{"demo-draw", "A seat at the launch", "SEAT-1", "/demo-seat.svg",
          "Two hundred seats. Join within three minutes: then the order is drawn by lot, and anybody can check how.",
          200, 7'500, "draw", 180, 60, 30, 20, 120},
};

std::string body_of(const Offer& offer, const std::string& id) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("id", id).member("title", offer.title).member("units", offer.units);
  json.key("item").begin_object().member("sku", offer.sku).member("title", offer.title);
  json.member("image_url", offer.image).member("description", offer.description).end_object();
  json.key("price").begin_object().member("amount", offer.cents).member("currency", "USD").end_object();
  json.member("queue", offer.queue).member("guests", true);
  json.member("hold_seconds", offer.hold_seconds).member("claim_seconds", offer.claim_seconds);
  json.member("payment_grace_seconds", offer.payment_grace_seconds);
  if (offer.outflow_per_minute) json.member("outflow_per_minute", *offer.outflow_per_minute);
  json.member("opens_at", SystemClock().now() + Duration::seconds(offer.opens_in_seconds));
  json.member("reason", "the demo of doorbuster run").end_object();
  return body;
}

Result<void> put_on(DemoHttp& http, const Offer& offer, const std::string& id, const std::string& key) {
  const DemoAnswer made =
      TRY(http.call({.method = "POST", .path = "/api/v1/sales", .bearer = key, .body = body_of(offer, id)}));
  if (made.good()) return {};
  return fail(ErrorCode::kConflict, "the sale '" + id + "' can't be put on: " + words_of_problem(made));
}

std::string path_of_links(const std::string& sale) { return "/api/v1/sales/" + sale + "/links"; }

// Nothing where there are no short links.
Result<std::vector<std::string>> find_links(DemoHttp& desk, const std::string& sale, const std::string& key) {
  std::vector<std::string> codes;
  const DemoAnswer found = TRY(desk.call({.method = "GET", .path = path_of_links(sale), .bearer = key}));
  if (!found.good()) return codes;
  JsonDocument document(found.body, {.max_bytes = found.body.size() + 1});
  document.root().required("links").array(kLinksMax).each([&](const JsonValue& link) {
    codes.insert(codes.begin(), std::string(link.object().required("short_code").string()));
  });
  TRY(document.finish(JsonUnknown::kAllowed));
  return codes;
}

// One for each place where people hear of it. A server without short links has none.
Result<void> make_links(DemoHttp& desk, const std::string& sale, const std::string& key) {
  for (const std::string_view channel : kChannels) {
    std::string body;
    JsonWriter(body).begin_object().member("title", channel).end_object();
    const DemoAnswer made =
        TRY(desk.call({.method = "POST", .path = path_of_links(sale), .bearer = key, .body = body}));
    if (!made.good() && made.status != 404)
      return fail(ErrorCode::kConflict, "a link of '" + sale + "' can't be made: " + words_of_problem(made));
  }
  return {};
}

// As it is on, or is now. A sale that is worth watching for its opening is put on again under the next name once it has
// opened: demo-draw, demo-draw-2, ...
Result<DemoSale> put_on_if_missing(DemoHttp& desk, DemoHttp& shop, const Offer& offer, const std::string& key) {
  for (int number = 1; number <= kNamesMax; ++number) {
    const std::string id = std::string(offer.id) + (number == 1 ? "" : "-" + std::to_string(number));
    const bool is_new = !TRY(desk.call({.method = "GET", .path = "/api/v1/sales/" + id})).good();
    if (is_new) TRY(put_on(desk, offer, id, key));
    const bool has_links = !TRY(find_links(desk, id, key)).empty();
    if (!has_links) TRY(make_links(desk, id, key));
    DemoSale sale{.id = id, .seen = TRY(ShopVisit(shop, id, "").look()), .is_new = is_new};
    if (offer.opens_in_seconds == 0 || sale.seen.state == "prequeue") return sale;
  }
  return fail(ErrorCode::kConflict, "there are too many demo sales; begin anew in another folder with --data");
}

}  // namespace

Result<std::string> operator_key_of(const std::string& data) {
  const auto path = std::filesystem::path(data) / "operator.key";
  auto key = read_file(path, 1'024);
  if (!key) {
    return fail(key.error().code, key.error().message +
                                      ": the demo's sales are put on with the operator's key that the first start "
                                      "wrote there. Put it back, or take another folder with --data");
  }
  while (!key->empty() && key->back() == '\n') key->pop_back();
  return key;
}

std::vector<std::string> links_of(const std::string& sale, const std::string& operators, const std::string& data) {
  const auto key = operator_key_of(data);
  if (!key) return {};
  DemoHttp desk(operators);
  return find_links(desk, sale, *key).value_or(std::vector<std::string>());
}

Result<std::vector<DemoSale>> put_on_demo_sales(const std::string& server, const std::string& operators,
                                                const std::string& data) {
  const std::string key = TRY(operator_key_of(data));
  DemoHttp shop(server);
  DemoHttp desk(operators);
  std::vector<DemoSale> sales;
  for (const Offer& offer : kOffers) sales.push_back(TRY(put_on_if_missing(desk, shop, offer, key)));
  return sales;
}

}  // namespace doorbuster::demo
