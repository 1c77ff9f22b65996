// What may be known of sales beyond their present numbers, kept in step with the log: orders, audit trails, reports,
// draws, the flow and the fairness of each sale, and its line.
//
// They are saved from time to time, so that a start hears only what came since (docs/formats/view-state.md).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sale/views/audit.h"
#include "sale/views/draw_book.h"
#include "sale/views/fairness.h"
#include "sale/views/flow.h"
#include "sale/views/line.h"
#include "sale/views/orders.h"
#include "sale/views/reports.h"

namespace doorbuster::sale {

struct SaleViews {
  explicit SaleViews(EntryNamer namer) : draws(std::move(namer)), fairness(draws) {}

  Orders orders;
  Audit audit;
  Reports reports;
  DrawBook draws;
  Flow flow;
  Fairness fairness;
  Line line;

  // In the order in which they hear of an event.
  [[nodiscard]] std::vector<Projection*> all() { return {&orders, &audit, &reports, &draws, &flow, &fairness, &line}; }
};

struct ViewsOptions {
  platform::StateStore* store = nullptr;  // null: nothing is saved
  uint64_t events_a_save = 1'000'000;
  std::function<void(const std::string&)> on_trouble;
  std::function<void()> wake = {};  // if a FollowerThread drives them
};

class Views final : public platform::EventAudience {
 public:
  // Whatever follows beside the views, such as the payment outbox, hears after them and is saved with them. All of it
  // outlives them.
  Views(log::Log& log, CellId cell, EntryNamer namer, const std::vector<Projection*>& others, ViewsOptions options);

  [[nodiscard]] platform::Follower& follower() { return follower_; }
  [[nodiscard]] const platform::Follower& follower() const { return follower_; }
  [[nodiscard]] bool caught_up() const { return follower_.caught_up(); }
  // The last event that was heard.
  [[nodiscard]] Sequence position() const { return follower_.position(cell_); }
  [[nodiscard]] platform::TraceIndex& traces() { return follower_.traces(cell_); }
  [[nodiscard]] const platform::TraceIndex& traces() const { return follower_.traces(cell_); }

  // Any thread: runs ask(const SaleViews&) about a sale, while no event is being told. Keep it short, and no pointer
  // into the views.
  template <class Ask>
  auto look(SaleNumber, Ask&& ask) const {
    return follower_.look([&] { return ask(views_); });
  }

  [[nodiscard]] Result<uint64_t> hear(Bytes events, const EventPlace& first) override;
  void on_caught_up() override;
  [[nodiscard]] std::string state_format() const override;
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override;
  [[nodiscard]] Result<void> load(platform::StateReader& in) override;
  void clear() override;

 private:
  const CellId cell_;
  SaleViews views_;
  const std::vector<Projection*> projections_;
  platform::Follower follower_;
};

}  // namespace doorbuster::sale
