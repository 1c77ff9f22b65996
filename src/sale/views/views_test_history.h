// What the tests of views share: two sales with whatever views know of, the second of which is archived at the end.
#pragma once

#include <gtest/gtest.h>

#include "cell/frames.h"
#include "log/memory/memory_log.h"
#include "sale/views/views.h"

namespace doorbuster::sale {

inline constexpr CellId kCell{0};
inline constexpr SaleNumber kDraw{0};
inline constexpr SaleNumber kQueue{1};
inline constexpr Assessment kAssessment{.score = 60, .device = DeviceClass::kPhone, .country = {'D', 'E'}};

// Two sales with whatever the views know of, an event at a time.
class History {
 public:
  History() : log_(disk_), lease_(log_.open(kCell, {.kind = log::MachineKind("sale")}).value()) {
    create(kDraw, "draw", QueueKind::kDraw);
    add(DrawCommitted{.sale = kDraw, .secret = Digest{std::byte{7}}});
    add(BeaconNamed{.sale = kDraw, .beacon = {.source = "drand", .round = 5, .published_at = second(40)}});
    add(SaleMoved{.sale = kDraw, .to = SaleState::kPrequeue});
    for (uint32_t i = 0; i < 12; ++i)
      add(Enrolled{
          .sale = kDraw, .entry = {i, 0}, .arrival = i + 1, .customer = {.high = i}, .nonce = i % 2 ? "n" : ""});
    add(EntryLeft{.sale = kDraw, .entry = {3, 0}});
    add(EntryRemoved{.sale = kDraw, .entry = {4, 0}, .cause = {.actor = "op", .reason = "bot"}});
    create(kQueue, "queue", QueueKind::kFifo);
    for (const SaleNumber sale : {kDraw, kQueue}) add(SaleMoved{.sale = sale, .to = SaleState::kOpen});
    add(DrawClosed{.sale = kDraw, .entries = 12, .root = Digest{std::byte{9}}});
    add(BeaconGiven{.sale = kDraw, .value = "public"});
    add(Drawn{.sale = kDraw, .entries = 12, .root = Digest{std::byte{9}}});
    add(Joined{.sale = kQueue, .entry = {20, 0}, .position = 1, .customer = {.high = 99}});
    add(Joined{.sale = kDraw, .entry = {21, 0}, .position = 13, .customer = {.high = 98}, .assessment = kAssessment});
    for (const uint32_t slot : {22U, 23U})
      add(JoinDelayed{.sale = kDraw, .entry = {slot, 0}, .customer = {.high = slot}, .assessment = kAssessment});
    add(EntryPlaced{.sale = kDraw, .entry = {22, 0}, .position = 14});
    sell(kDraw, {7, 0}, {0, 0});
    sell(kQueue, {20, 0}, {1, 0});
    add(PaymentLate{.sale = kQueue, .hold = {1, 0}, .attempt = 1, .reference = "late"});
    add(Offered{.sale = kDraw, .entry = {5, 0}, .claim_until = second(90)});
    add(OfferLapsed{.sale = kDraw, .entry = {5, 0}});
    add(SaleAnnounced{.sale = kDraw, .text = "soon", .cause = {.actor = "op"}});
    add(SaleMoved{.sale = kQueue, .to = SaleState::kClosed});
    add(RefundDone{.sale = kQueue, .hold = {1, 0}, .attempt = 1, .reference = "back"});
    add(SaleArchived{.sale = kQueue});
  }

  // So many sales without anything, all of them archived.
  explicit History(uint32_t sales) : log_(disk_), lease_(log_.open(kCell, {.kind = log::MachineKind("sale")}).value()) {
    for (uint32_t number = 0; number < sales; ++number) {
      create(SaleNumber(number), ("sale-" + std::to_string(number)).c_str(), QueueKind::kNone);
      add(SaleMoved{.sale = SaleNumber(number), .to = SaleState::kClosed});
      add(SaleArchived{.sale = SaleNumber(number)});
    }
  }
  [[nodiscard]] log::Log& log() { return log_; }
  [[nodiscard]] Sequence tail() const { return lease_.tail; }

 private:
  [[nodiscard]] static Timestamp second(int64_t at) { return Timestamp::from_micros((1'700'000'000 + at) * 1'000'000); }
  void create(SaleNumber sale, const char* id, QueueKind queue) {
    Settings settings;
    settings.id = id;
    settings.units = 5;
    settings.queue = queue;
    add(SaleCreated{.sale = sale, .state = SaleState::kScheduled, .settings = settings, .cause = {.actor = "op"}});
  }
  // To the one, and another hold comes to nothing.
  void sell(SaleNumber sale, EntryNumber entry, HoldNumber hold) {
    add(Offered{.sale = sale, .entry = entry, .claim_until = second(90)});
    add(Held{.sale = sale, .hold = hold, .entry = entry, .customer = {.high = hold.slot}, .expires_at = second(99)});
    add(PaymentStarted{.sale = sale, .hold = hold, .customer = {.high = hold.slot}, .attempt = 1});
    add(PaymentFailed{.sale = sale, .hold = hold, .attempt = 1, .reference = "no"});
    add(PaymentStarted{.sale = sale, .hold = hold, .customer = {.high = hold.slot}, .attempt = 2});
    add(PaymentSucceeded{.sale = sale, .hold = hold, .attempt = 2, .reference = "yes"});
    add(Held{.sale = sale, .hold = {hold.slot + 8, 0}, .entry = {}, .customer = {}, .expires_at = second(99)});
    add(HoldExpired{.sale = sale, .hold = {hold.slot + 8, 0}});
  }
  template <class Event>
  void add(Event event) {
    std::vector<std::byte> payload;
    cell::FrameWriter frames(payload);
    frames.begin(second(time_++));
    encode(event, payload);
    frames.end(1);
    ASSERT(log_.append(lease_, {lease_.tail + 1, 1, {}, payload}) == log::Appended::kDurable);
  }

  log::SimulatedDisk disk_;
  log::MemoryLog log_;
  log::Lease lease_;
  int64_t time_ = 0;
};

}  // namespace doorbuster::sale
