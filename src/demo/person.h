// One of the demo's crowd: comes, joins or reserves, waits, is late or never there, pays or does not. A step at a time,
// so that thousands can be on their way at once.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "auth/jwt.h"
#include "base/prng.h"
#include "base/time.h"
#include "demo/shop_visit.h"

namespace doorbuster::demo {

// What became of the crowd.
enum class End {
  kPaid,
  kGaveBack,
  kForgotToPay,
  kLeftWhilePaying,
  kLeftTheQueue,
  kMissedTheirTurn,
  kTooLate,  // sold out, or over, before their turn
  kTrouble,
};
inline constexpr size_t kEnds = 8;

// What all of the crowd share. Any thread.
struct CrowdContext {
  DemoHttp& http;
  const std::string sale;
  const SaleSeen seen;                 // as the crowd found the sale
  double pace = 1;                     // how many times as fast as people they are
  std::atomic<bool> is_over = false;   // nothing is left to wait for
  std::atomic<uint32_t> came = 0;      // so far
  std::atomic<uint32_t> declined = 0;  // payments
  std::array<std::atomic<uint32_t>, kEnds> ends = {};
};

class Person {
 public:
  // The same seed makes the same person.
  Person(uint64_t seed, std::string token, std::string link)
      : random_(seed), token_(std::move(token)), link_(std::move(link)) {}

  // Does what is next. How long until the step after it; nothing when they have gone.
  [[nodiscard]] std::optional<Duration> step(CrowdContext& context);

 private:
  using Next = Result<std::optional<Duration>>;
  enum class Stage { kComes, kWaits, kTakes, kDecides, kPays, kIsDeclined };

  [[nodiscard]] Next go_on(CrowdContext& context, ShopVisit& visit);
  [[nodiscard]] Next come(CrowdContext& context, ShopVisit& visit);
  [[nodiscard]] Next wait(CrowdContext& context, ShopVisit& visit);
  [[nodiscard]] Next hear(CrowdContext& context, const EntrySeen& entry);
  [[nodiscard]] Next be_called(CrowdContext& context);
  [[nodiscard]] Next take(CrowdContext& context, ShopVisit& visit);
  [[nodiscard]] Next decide(CrowdContext& context, ShopVisit& visit);
  [[nodiscard]] Next pay(CrowdContext& context, ShopVisit& visit);
  [[nodiscard]] Next try_again(CrowdContext& context, ShopVisit& visit);
  [[nodiscard]] Next end(CrowdContext& context, End how);
  // People take their time: between the two, in seconds.
  [[nodiscard]] Duration within(const CrowdContext& context, double least, double most);
  [[nodiscard]] bool in_hundred(uint64_t share) { return random_.below(100) < share; }

  Prng random_;
  std::string token_;
  std::string link_;  // the code of the one that they come by; empty: by none
  Stage stage_ = Stage::kComes;
  std::string entry_;
  std::string hold_;
  OrderSeen order_;
  Duration waited_;
  std::optional<Duration> patience_;  // in the queue; without it, until the end
  bool has_come_ = false;             // by the link
  bool was_declined_ = false;
};

}  // namespace doorbuster::demo
