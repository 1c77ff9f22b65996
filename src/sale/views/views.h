// What may be known of sales beyond their present numbers, kept in step with the log (sale_views.h).
//
// It is saved from time to time, so that a start hears only what came since (docs/formats/view-state.md). A sale that
// is archived is written to a state of its own and forgotten; whoever looks at it is shown that (archived_sales.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sale/views/archived_sales.h"
#include "sale/views/sale_views.h"

namespace doorbuster::sale {

struct ViewsOptions {
  platform::StateStore* store = nullptr;    // null: nothing is saved
  platform::StateStore* archive = nullptr;  // of archived sales; null: the views keep them
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
  // into the views. An archived sale is read if need be: archived().prepare() before tells whether that takes long.
  template <class Ask>
  auto look(SaleNumber sale, Ask&& ask) const {
    if (const auto filed = archived_->find(sale)) return ask(filed->views);
    return follower_.look([&] {
      const auto filed = archived_->find(sale);  // meanwhile
      return ask(filed == nullptr ? views_ : filed->views);
    });
  }
  [[nodiscard]] ArchivedSales& archived() const { return *archived_; }
  // Any thread: what everybody may read of a sale that the machine has archived. Null if the archive is lost, or while
  // it is not known that all of the sale has been heard: before they have caught up.
  [[nodiscard]] std::shared_ptr<const ArchivedCard> card(SaleNumber sale) const;
  // Any thread: of a sale whose creation was heard; empty for any other.
  [[nodiscard]] std::string id_of(SaleNumber sale) const;

  [[nodiscard]] Result<uint64_t> hear(Bytes events, const EventPlace& first) override;
  void on_caught_up() override;
  void tidy() override;
  [[nodiscard]] std::string state_format() const override;
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override;
  [[nodiscard]] Result<void> load(platform::StateReader& in) override;
  void clear() override;

 private:
  [[nodiscard]] bool file(SaleNumber sale);

  const CellId cell_;
  SaleViews views_;
  const std::unique_ptr<ArchivedSales> archived_;
  uint64_t write_again_at_ = 0;  // after a failure: once so many events have been heard
  const std::vector<Projection*> projections_;
  platform::Follower follower_;
};

}  // namespace doorbuster::sale
