// Those who browse the demo shop: what they look at and buy is told as a shop's server tells it, and now and then they
// are shown what is recommended, and follow it if it tempts them.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <queue>
#include <thread>
#include <vector>

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/exit_code.h"
#include "base/json.h"
#include "demo/demo_options.h"
#include "demo/shop_stock.h"

namespace doorbuster::demo {
namespace {

constexpr double kSecondsBetweenDeeds = 15;
constexpr double kSecondsBetweenVisits = 180;
constexpr auto kTick = std::chrono::milliseconds(500);
constexpr uint64_t kAskOneIn = 4;  // views
constexpr size_t kShownOfAnswer = 4;
constexpr size_t kEventsOfRequest = 1'000;

class Shoppers {
 public:
  Shoppers(const DemoOptions& options, std::string key);

  Result<void> run();

 private:
  struct Visitor {
    Shopper shopper;
    std::string name;
    std::string session = {};
    std::vector<Deed> deeds = {};  // of this visit
    size_t done = 0;
  };

  void step(uint32_t number);
  void begin_visit(Visitor& visitor);
  void show(Visitor& visitor, const CatalogueItem& item);
  Result<void> tell();
  [[nodiscard]] std::chrono::microseconds pause(double seconds);
  void sum_up() const;

  const DemoOptions& options_;
  const std::string key_;
  const Catalogue catalogue_;
  Prng random_;
  DemoHttp shop_;
  DemoHttp desk_;
  std::vector<Visitor> visitors_;
  using Due = std::pair<std::chrono::steady_clock::time_point, uint32_t>;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::vector<ShopEvent> events_;  // that nobody was told of yet
  uint64_t told_ = 0;
  uint64_t bought_ = 0;
  uint64_t shown_ = 0;
  uint64_t followed_ = 0;
};

// Others each time: their names and sessions, too, are not those of the last one.
Shoppers::Shoppers(const DemoOptions& options, std::string key)
    : options_(options), key_(std::move(key)), random_(options.seed), shop_(options.server), desk_(options.operators) {
  std::array<std::byte, 4> fresh{};
  fill_random(fresh);
  const std::string name = "shopper-" + to_hex(fresh) + "-";
  for (uint32_t i = 0; i < options.shoppers; ++i) {
    visitors_.push_back({.shopper = Shopper(catalogue_, options.seed + 10'000 + i), .name = name + std::to_string(i)});
    due_.emplace(std::chrono::steady_clock::now() + pause(kSecondsBetweenVisits / 2), i);
  }
}

// As chance has it: of exponential length.
std::chrono::microseconds Shoppers::pause(double seconds) {
  const double share = static_cast<double>(random_.below(1'000'000) + 1) / 1e6;
  return std::chrono::microseconds(static_cast<int64_t>(-std::log(share) * seconds / options_.pace * 1e6));
}

void Shoppers::begin_visit(Visitor& visitor) {
  std::array<std::byte, 8> random{};
  fill_random(random);
  visitor.session = to_hex(random);
  visitor.deeds = visitor.shopper.visit();
  visitor.done = 0;
}

void Shoppers::step(uint32_t number) {
  Visitor& visitor = visitors_[number];
  if (visitor.done == visitor.deeds.size()) begin_visit(visitor);
  const Deed deed = visitor.deeds[visitor.done++];
  const CatalogueItem& item = catalogue_.items()[deed.item];
  events_.push_back(
      {.type = name_of(deed.kind), .item = item.id, .user = visitor.name, .session = visitor.session, .surface = {}});
  if (deed.kind == DeedKind::kPurchase) ++bought_;
  if (deed.kind == DeedKind::kView && random_.chance(kAskOneIn)) show(visitor, item);
  const bool is_over = visitor.done == visitor.deeds.size();
  due_.emplace(std::chrono::steady_clock::now() + pause(is_over ? kSecondsBetweenVisits : kSecondsBetweenDeeds),
               number);
}

// The row of an item's page. What it leads to is looked at next. Without an answer there is nothing to be seen.
void Shoppers::show(Visitor& visitor, const CatalogueItem& item) {
  const auto answer =
      shop_.call({.method = "GET",
                  .path = "/api/v1/recs/items/" + item.id + "/also-viewed?n=" + std::to_string(kShownOfAnswer) +
                          "&surface=product-viewed&session=" + visitor.session});
  if (!answer || !answer->good()) return;
  JsonDocument document(answer->body, {.max_bytes = answer->body.size() + 1});
  const std::string recommendation(document.root().required("recommendation").string());
  size_t place = 0;
  document.root().required("items").array(kShownOfAnswer).each([&](const JsonValue& value) {
    const CatalogueItem* shown = catalogue_.find(value.object().required("item").string());
    const std::string id = recommendation + "/" + std::to_string(place++) + "/";
    if (shown == nullptr) return;
    const auto tell_of = [&](std::string_view type) {
      events_.push_back({.type = type,
                         .item = shown->id,
                         .session = visitor.session,
                         .id = id + std::string(type),
                         .surface = "product-viewed",
                         .recommendation = recommendation});
    };
    tell_of("impression");
    ++shown_;
    if (!visitor.shopper.is_tempted_by(*shown)) return;
    tell_of("click");
    ++followed_;
    visitor.deeds.insert(visitor.deeds.begin() + static_cast<ptrdiff_t>(visitor.done),
                         Deed{DeedKind::kView, shown->number});
  });
}

Result<void> Shoppers::tell() {
  for (size_t at = 0; at < events_.size(); at += kEventsOfRequest) {
    const auto part = std::span(events_).subspan(at, std::min(events_.size() - at, kEventsOfRequest));
    const DemoAnswer answer = TRY(
        desk_.call({.method = "POST", .path = "/api/v1/recs/events", .bearer = key_, .body = body_of_events(part)}));
    if (!answer.good()) return fail(ErrorCode::kConflict, "what shoppers do is not taken: " + words_of_problem(answer));
    told_ += part.size();
  }
  events_.clear();
  return {};
}

void Shoppers::sum_up() const {
  std::printf("%u shoppers: %llu events told, %llu things bought, %llu recommendations shown, %llu followed.\n",
              options_.shoppers, static_cast<unsigned long long>(told_), static_cast<unsigned long long>(bought_),
              static_cast<unsigned long long>(shown_), static_cast<unsigned long long>(followed_));
  std::fflush(stdout);
}

Result<void> Shoppers::run() {
  if (!options_.quiet) std::printf("%u shoppers browse. Ctrl-C ends it.\n", options_.shoppers);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options_.seconds);
  while (options_.seconds == 0 || std::chrono::steady_clock::now() < end) {
    while (!due_.empty() && due_.top().first <= std::chrono::steady_clock::now()) {
      const uint32_t number = due_.top().second;
      due_.pop();
      step(number);
    }
    TRY(tell());
    std::this_thread::sleep_for(kTick);
  }
  sum_up();
  return {};
}

Result<void> browse(const DemoOptions& options) { return Shoppers(options, TRY(operator_key_of(options.data))).run(); }

}  // namespace

int demo_shoppers(const DemoOptions& options) { return exit_code_of(browse(options)); }

}  // namespace doorbuster::demo
