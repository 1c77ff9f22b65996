#include "links/views/announcer.h"

#include <optional>

#include "links/machine/links_machine.h"

namespace doorbuster::links {
namespace {

// Nothing: the outside does not hear of it.
std::optional<Announcement> announcement_of(const Event& event) {
  using Kind = Announcement::Kind;
  if (const auto* used_up = std::get_if<UsedUp>(&event)) {
    if (used_up->code.empty()) return std::nullopt;
    const Link link{.number = used_up->link, .code = used_up->code, .visits_max = used_up->visits};
    return Announcement{.kind = Kind::kUsedUp, .link = link};
  }
  if (const auto* taken_down = std::get_if<TakenDown>(&event))
    return Announcement{.kind = Kind::kTakenDown, .take_down = taken_down->take_down};
  const auto* restored = std::get_if<Restored>(&event);
  if (restored == nullptr || restored->target.empty()) return std::nullopt;
  TakeDown take_down;
  take_down.id = restored->take_down;
  take_down.of = restored->of;
  take_down.target = restored->target;
  return Announcement{.kind = Kind::kRestored, .take_down = std::move(take_down)};
}

}  // namespace

Result<uint64_t> Announcer::hear(Bytes events, const platform::EventPlace& first) {
  if (have_news(events)) TRY(announce(events, first.sequence.value()));
  return others_.hear(events, first);
}

Result<void> Announcer::announce(Bytes events, uint64_t first) {
  std::vector<Announcement> told;
  uint64_t sequence = first;
  const uint64_t count = TRY(for_each_event(events, [&](const Event& event) {
    if (sequence++ <= heard_) return;
    if (auto announcement = announcement_of(event)) told.push_back(*std::move(announcement));
  }));
  const uint64_t last = first + count - 1;
  if (told.empty() || last <= heard_) return {};
  TRY(announce_(std::move(told), last));
  heard_ = last;
  return {};
}

}  // namespace doorbuster::links
