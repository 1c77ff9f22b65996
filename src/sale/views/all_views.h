// The views of all cells. What is kept by a hold or an entry alone has numbers that are unique in a cell only, so each
// cell has views of its own, which are saved by themselves; one thread follows all of their logs.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "platform/views/follower_thread.h"
#include "sale/views/views.h"

namespace doorbuster::sale {

class AllViews {
 public:
  // `others` hear beside the views: none, or one a cell. All of it outlives the views.
  AllViews(log::Log& log, uint32_t cells, const EntryNamer& namer, const std::vector<Projection*>& others,
           const ViewsOptions& options) {
    ViewsOptions each = options;
    each.wake = [this] { thread_.ring(); };
    for (uint32_t cell = 0; cell < cells; ++cell) {
      const auto beside = others.empty() ? std::vector<Projection*>() : std::vector<Projection*>{others[cell]};
      views_.push_back(std::make_unique<Views>(log, CellId(cell), namer, beside, each));
    }
  }

  [[nodiscard]] uint32_t cells() const { return static_cast<uint32_t>(views_.size()); }
  [[nodiscard]] Views& of(CellId cell) { return *views_[cell.value()]; }
  [[nodiscard]] const Views& of(CellId cell) const { return *views_[cell.value()]; }
  [[nodiscard]] Views& of(SaleNumber sale) { return of(cell_of(sale)); }
  [[nodiscard]] const Views& of(SaleNumber sale) const { return of(cell_of(sale)); }

  // Takes up what was saved. By cell, what was durable at the start.
  void restore(const std::vector<Sequence>& tails) {
    for (size_t cell = 0; cell < views_.size(); ++cell) views_[cell]->follower().restore({tails[cell]});
  }
  // And follows from there.
  void start(const std::vector<Sequence>& tails) {
    restore(tails);
    std::vector<platform::Follower*> followers;
    for (const auto& views : views_) followers.push_back(&views->follower());
    thread_.start(std::move(followers));
  }
  void stop() { thread_.stop(); }

  // All of them have.
  [[nodiscard]] bool caught_up() const {
    return std::ranges::all_of(views_, [](const auto& views) { return views->caught_up(); });
  }

  // Views::look() of the sale's cell.
  template <class Ask>
  auto look(SaleNumber sale, Ask&& ask) const {
    return of(sale).look(sale, std::forward<Ask>(ask));
  }

 private:
  std::vector<std::unique_ptr<Views>> views_;  // by cell
  platform::FollowerThread thread_{"views"};
};

}  // namespace doorbuster::sale
