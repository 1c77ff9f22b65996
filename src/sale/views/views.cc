#include "sale/views/views.h"

#include <type_traits>
#include <utility>

namespace doorbuster::sale {
namespace {

// Of what the views save: another field, or another view, is another version.
constexpr int kStateVersion = 5;

std::vector<Projection*> with(std::vector<Projection*> own, const std::vector<Projection*>& others) {
  own.insert(own.end(), others.begin(), others.end());
  return own;
}

}  // namespace

Views::Views(log::Log& log, CellId cell, EntryNamer namer, const std::vector<Projection*>& others, ViewsOptions options)
    : cell_(cell),
      views_(namer),
      archived_(std::make_unique<ArchivedSales>(ArchivedSales::Options{
          .store = options.archive, .namer = std::move(namer), .on_trouble = options.on_trouble})),
      projections_(with(views_.all(), others)),
      follower_(log, {cell}, *this,
                {.store = options.store,
                 .name = cell == CellId{0} ? "views" : "views-" + std::to_string(cell.value()),
                 .events_a_save = options.events_a_save,
                 .on_trouble = std::move(options.on_trouble),
                 .wake = std::move(options.wake)}) {}

Result<uint64_t> Views::hear(Bytes events, const EventPlace& first) {
  EventPlace place = first;
  const auto tell = [&](const auto& event) {
    for (Projection* projection : projections_) projection->on(event, place);
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(event)>, SaleArchived>)
      archived_->add(event.sale, views_, place.at);
    ++place.sequence;
  };
  TRY(for_each_known_event(events, tell, [&](uint8_t) { ++place.sequence; }));
  return place.sequence.value() - first.sequence.value();
}

void Views::on_caught_up() {
  for (Projection* projection : projections_) projection->on_caught_up();
}

void Views::tidy() {
  for (const SaleNumber sale : archived_->waiting()) {
    if (position().value() < write_again_at_ || !file(sale)) return;
  }
}

// Written while readers look; then, without a reader, forgotten.
bool Views::file(SaleNumber sale) {
  constexpr uint64_t kEventsBetweenTrials = 10'000;
  if (!archived_->write(sale, views_)) {
    write_again_at_ = position().value() + kEventsBetweenTrials;
    return false;
  }
  follower_.look([&] {
    archived_->set_filed(sale);
    for (Projection* projection : projections_) projection->forget_sale(sale);
  });
  return true;
}

// Of one that is not filed yet, the views still know all.
std::shared_ptr<const ArchivedCard> Views::card(SaleNumber sale) const {
  if (archived_->is_filed(sale)) return archived_->card(sale);
  if (!caught_up()) return nullptr;
  const auto known = follower_.look([&] {
    const bool is_known = !archived_->is_filed(sale) && views_.descriptions.knows(sale);
    return is_known ? std::make_shared<const ArchivedCard>(card_of(views_, sale)) : nullptr;
  });
  return known == nullptr ? archived_->card(sale) : known;
}

std::string Views::id_of(SaleNumber sale) const {
  return follower_.look([&] {
    const auto mark = archived_->mark_of(sale);
    if (mark) return mark->id;
    return views_.descriptions.knows(sale) ? views_.descriptions.of(sale).settings.id : std::string();
  });
}

std::string Views::state_format() const {
  return "sale " + std::to_string(kStateVersion) + " of " + std::to_string(projections_.size());
}

Result<void> Views::save(platform::StateWriter& out) const {
  StateSaver saver(out);
  archived_->save(saver);
  for (const Projection* projection : projections_) projection->save(saver);
  return saver.finish();
}

Result<void> Views::load(platform::StateReader& in) {
  StateLoader loader(in);
  archived_->load(loader);
  for (Projection* projection : projections_) projection->load(loader);
  return loader.finish();
}

void Views::clear() {
  for (Projection* projection : projections_) projection->clear();
  archived_->clear();
}

}  // namespace doorbuster::sale
