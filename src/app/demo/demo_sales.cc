#include "app/demo/demo_sales.h"

#include <array>
#include <filesystem>

#include "base/file.h"
#include "base/json_writer.h"

namespace doorbuster::app {
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
};

// Holds last two minutes, so that a newcomer can see one expire.
constexpr uint32_t kHoldSeconds = 120;

constexpr std::array kOffers = {
    Offer{"demo", "Game console, launch edition", "CONSOLE-1", "/demo-console.svg",
          "Ten thousand units, one for each customer. First come, first served.", 10'000, 49'900, "none", 0},
    Offer{"demo-queue", "Poster of the launch, numbered", "POSTER-1", "/demo-poster.svg",
          "Two hundred prints behind a queue: take a place, and you are told when it is your turn.", 200, 4'500, "fifo",
          0},
    Offer{"demo-draw", "A seat at the launch", "SEAT-1", "/demo-seat.svg",
          "Fifty seats. Join within three minutes: then the order is drawn by lot, and anybody can check how.", 50,
          7'500, "draw", 180},
};

std::string body_of(const Offer& offer) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("id", offer.id).member("title", offer.title).member("units", offer.units);
  json.key("item").begin_object().member("sku", offer.sku).member("title", offer.title);
  json.member("image_url", offer.image).member("description", offer.description).end_object();
  json.key("price").begin_object().member("amount", offer.cents).member("currency", "USD").end_object();
  json.member("queue", offer.queue).member("guests", true).member("hold_seconds", kHoldSeconds);
  json.member("opens_at", SystemClock().now() + Duration::seconds(offer.opens_in_seconds));
  json.member("reason", "the demo of doorbuster run").end_object();
  return body;
}

Result<std::string> operator_key(const std::string& data) {
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

// Whether it had to be put on.
Result<bool> put_on(DemoHttp& http, const Offer& offer, const std::string& key) {
  const DemoAnswer found = TRY(http.call({.method = "GET", .path = "/api/v1/sales/" + std::string(offer.id)}));
  if (found.good()) return false;
  const DemoAnswer made =
      TRY(http.call({.method = "POST", .path = "/api/v1/sales", .bearer = key, .body = body_of(offer)}));
  if (made.good()) return true;
  return fail(ErrorCode::kConflict,
              "the sale '" + std::string(offer.id) + "' can't be put on: " + words_of_problem(made));
}

}  // namespace

Result<std::vector<DemoSale>> put_on_demo_sales(const std::string& server, const std::string& operators,
                                                const std::string& data) {
  const std::string key = TRY(operator_key(data));
  DemoHttp shop(server);
  DemoHttp desk(operators);
  std::vector<DemoSale> sales;
  for (const Offer& offer : kOffers) {
    const bool is_new = TRY(put_on(desk, offer, key));
    const std::string id(offer.id);
    sales.push_back({.id = id, .seen = TRY(ShopVisit(shop, id, "").look()), .is_new = is_new});
  }
  return sales;
}

}  // namespace doorbuster::app
