#include "sale/views/views.h"

#include <utility>

namespace doorbuster::sale {
namespace {

// Of what the views save: another field, or another view, is another version.
constexpr int kStateVersion = 1;

std::vector<Projection*> with(std::vector<Projection*> own, const std::vector<Projection*>& others) {
  own.insert(own.end(), others.begin(), others.end());
  return own;
}

}  // namespace

Views::Views(log::Log& log, CellId cell, EntryNamer namer, const std::vector<Projection*>& others, ViewsOptions options)
    : cell_(cell),
      views_(std::move(namer)),
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
    ++place.sequence;
  };
  TRY(for_each_known_event(events, tell, [&](uint8_t) { ++place.sequence; }));
  return place.sequence.value() - first.sequence.value();
}

void Views::on_caught_up() {
  for (Projection* projection : projections_) projection->on_caught_up();
}

std::string Views::state_format() const {
  return "sale " + std::to_string(kStateVersion) + " of " + std::to_string(projections_.size());
}

Result<void> Views::save(platform::StateWriter& out) const {
  StateSaver saver(out);
  for (const Projection* projection : projections_) projection->save(saver);
  return saver.finish();
}

Result<void> Views::load(platform::StateReader& in) {
  StateLoader loader(in);
  for (Projection* projection : projections_) projection->load(loader);
  return loader.finish();
}

void Views::clear() {
  for (Projection* projection : projections_) projection->clear();
}

}  // namespace doorbuster::sale
