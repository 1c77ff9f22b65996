#include "links/store/announcement.h"

#include <algorithm>

#include "base/varint.h"

namespace doorbuster::links {
namespace {

constexpr uint8_t kFormatOfOne = 1;  // of versions that made a row of each
constexpr uint8_t kFormatOfSome = 2;

bool is_of_take_down(Announcement::Kind kind) {
  return kind == Announcement::Kind::kTakenDown || kind == Announcement::Kind::kRestored;
}

bool is_known(uint8_t kind) { return kind > 0 && kind <= static_cast<uint8_t>(Announcement::Kind::kRestored); }

tl::unexpected<Error> unknown_row(uint64_t last) {
  return fail(ErrorCode::kCorrupt, "announcement " + std::to_string(last) + " was stored by a later version");
}
tl::unexpected<Error> damaged_row(uint64_t last) {
  return fail(ErrorCode::kCorrupt, "announcement " + std::to_string(last) + " is damaged");
}

// What an announcement tells of, behind its kind; a link takes all that is left of it.
Result<void> read_told(Announcement& announcement, ByteReader& reader) {
  if (is_of_take_down(announcement.kind)) {
    announcement.take_down = read_take_down(reader);
  } else {
    const std::string code(read_text(reader));
    announcement.link = TRY(decode_link(code, reader.raw(reader.left())));
  }
  return reader.ok() ? Result<void>() : damaged_row(announcement.sequence);
}

Result<Announcement> decode_one(uint64_t sequence, ByteReader& reader) {
  const auto kind = reader.integer<uint8_t>();
  if (!is_known(kind)) return unknown_row(sequence);
  Announcement one{.kind = static_cast<Announcement::Kind>(kind), .sequence = sequence};
  one.at = Timestamp::from_micros(reader.integer<int64_t>());
  TRY(read_told(one, reader));
  return one;
}

}  // namespace

void AnnouncementNumbers::go_on_from(const Announcement& newest) {
  newest_ = newest.sequence;
  at_ = newest.at;
}

Timestamp AnnouncementNumbers::give(size_t count) {
  if (count > 0) at_ = std::max(at_, now());
  newest_ += count;
  return at_;
}

std::vector<News> all_news_of(std::span<const Announcement> announcements) {
  std::vector<News> told;
  for (const Announcement& one : announcements)
    told.push_back({.kind = one.kind, .link = &one.link, .take_down = &one.take_down});
  return told;
}

std::vector<std::byte> encode_announcements(Timestamp at, std::span<const News> some) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  writer.integer(kFormatOfSome);
  writer.integer(at.micros());
  write_varint(writer, some.size());
  std::vector<std::byte> told;
  for (const News& news : some) {
    told.clear();
    if (is_of_take_down(news.kind)) {
      ByteWriter take_down(told);
      write_take_down(take_down, *news.take_down);
    } else {
      write_text(told, news.link->code);
      append_link(told, *news.link);
    }
    writer.integer(static_cast<uint8_t>(news.kind));
    write_text(writer, as_text(told));
  }
  return out;
}

Result<std::vector<Announcement>> decode_announcements(uint64_t last, Bytes stored) {
  ByteReader reader(stored);
  const auto format = reader.integer<uint8_t>();
  if (format == kFormatOfOne) return std::vector<Announcement>{TRY(decode_one(last, reader))};
  if (format != kFormatOfSome) return unknown_row(last);
  const Timestamp at = Timestamp::from_micros(reader.integer<int64_t>());
  const uint64_t count = read_varint(reader);
  if (count == 0 || count > kAnnouncementsARow || count > last) return damaged_row(last);
  std::vector<Announcement> some(count);
  for (uint64_t sequence = last - count + 1; Announcement & one : some) {
    const auto kind = reader.integer<uint8_t>();
    if (!is_known(kind)) return reader.ok() ? unknown_row(sequence) : damaged_row(sequence);
    one.kind = static_cast<Announcement::Kind>(kind);
    one.sequence = sequence++;
    one.at = at;
    ByteReader told(as_bytes(read_text(reader)));
    TRY(read_told(one, told));
  }
  if (!reader.ok()) return damaged_row(last);
  return some;
}

}  // namespace doorbuster::links
