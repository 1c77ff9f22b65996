#include "links/api/link_feed.h"

#include <utility>

#include "links/api/link_json.h"

namespace doorbuster::links {
namespace {

using AnnouncementKind = Announcement::Kind;

constexpr size_t kReadAtOnce = 256;

// A domain that is taken down is no link.
std::string_view type_of(const Announcement& announcement) {
  const bool is_domain = announcement.take_down.of == TakeDownOf::kDomain;
  switch (announcement.kind) {
    case AnnouncementKind::kCreated:
      return "link.created";
    case AnnouncementKind::kChanged:
      return "link.changed";
    case AnnouncementKind::kDeleted:
      return "link.deleted";
    case AnnouncementKind::kExpired:
      return "link.expired";
    case AnnouncementKind::kUsedUp:
      return "link.used_up";
    case AnnouncementKind::kTakenDown:
      return is_domain ? "link_domain.taken_down" : "link.taken_down";
    case AnnouncementKind::kRestored:
      return is_domain ? "link_domain.restored" : "link.restored";
  }
  return {};
}

void write_take_down_told(JsonWriter& json, const Announcement& announcement, const LinkBase& base) {
  const TakeDown& take_down = announcement.take_down;
  json.begin_object();
  if (take_down.of == TakeDownOf::kDomain) {
    json.member("target_domain", take_down.target);
  } else {
    json.member("short_url", base.short_url({.code = take_down.target}));
    write_name(json, take_down.target);
  }
  json.member("take_down", take_down.id);
  if (announcement.kind == AnnouncementKind::kTakenDown) {
    json.member("reason", take_down.reason);
    json.member("notice", take_down.notice.empty() ? std::nullopt : std::optional(take_down.notice));
    json.member("taken_down_by", take_down.by);
  }
  json.end_object();
}

std::string data_of(const Announcement& announcement, const LinkBase& base) {
  std::string text;
  JsonWriter json(text);
  if (announcement.kind == AnnouncementKind::kTakenDown || announcement.kind == AnnouncementKind::kRestored) {
    write_take_down_told(json, announcement, base);
  } else if (announcement.kind == AnnouncementKind::kUsedUp) {
    json.begin_object().member("short_url", base.short_url(announcement.link));
    write_name(json, announcement.link.code);
    json.member("max_visits", announcement.link.visits_max).end_object();
  } else {
    json.begin_object().key("link");
    write_link(json, announcement.link, base);
    json.end_object();
  }
  return text;
}

}  // namespace

platform::Delivery LinkFeed::delivery_of(const Announcement& announcement) const {
  const bool is_of_take_down =
      announcement.kind == AnnouncementKind::kTakenDown || announcement.kind == AnnouncementKind::kRestored;
  const bool is_of_domain = is_of_take_down && announcement.take_down.of == TakeDownOf::kDomain;
  const std::string& key = is_of_take_down ? announcement.take_down.target : announcement.link.code;
  return {.sequence = announcement.sequence,
          .key = key,
          .id = "lnk_" + std::to_string(announcement.sequence),
          .resource = is_of_domain ? "/api/v1/abuse/take-downs" : call_of_link(key),
          .type = std::string(type_of(announcement)),
          .at = announcement.at,
          .json = data_of(announcement, base_)};
}

// None where the store can't be read: they come again.
std::vector<Announcement> LinkFeed::some_behind(uint64_t after, size_t limit) {
  auto found = store_.announcements(after, limit);
  if (found) return *std::move(found);
  if (std::exchange(unreadable_, after + 1) != after + 1)
    on_trouble_("webhooks of short links wait, as the store can't be read: " + found.error().message);
  return {};
}

uint64_t LinkFeed::read(uint64_t after, const Visit& visit) {
  for (;;) {
    const std::vector<Announcement> some = some_behind(after, kReadAtOnce);
    if (some.empty()) return after;
    missed_.fetch_add(some.front().sequence - after - 1, std::memory_order_relaxed);
    for (const Announcement& announcement : some) {
      after = announcement.sequence;
      if (!visit(std::make_shared<const platform::Delivery>(delivery_of(announcement)))) return after;
    }
  }
}

// Time never goes back among them, so the place is found by halving.
uint64_t LinkFeed::last_before(Timestamp from) {
  const std::vector<Announcement> oldest = some_behind(0, 1);
  if (oldest.empty()) return newest();
  uint64_t earlier = oldest.front().sequence - 1;  // all up to here are gone, or earlier
  uint64_t later = newest() + 1;                   // this one and all behind it are not
  while (later - earlier > 1) {
    const uint64_t middle = earlier + (later - earlier) / 2;
    const std::vector<Announcement> one = some_behind(middle - 1, 1);
    if (one.empty() || one.front().at >= from) {
      later = middle;
    } else {
      earlier = one.front().sequence;
    }
  }
  return earlier;
}

}  // namespace doorbuster::links
