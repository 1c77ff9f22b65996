#include "links/store/announcement.h"

#include <algorithm>

#include "base/varint.h"

namespace doorbuster::links {
namespace {

constexpr uint8_t kAnnouncementFormat = 1;

bool is_of_take_down(Announcement::Kind kind) {
  return kind == Announcement::Kind::kTakenDown || kind == Announcement::Kind::kRestored;
}

}  // namespace

void AnnouncementNumbers::go_on_from(const Announcement& newest) {
  newest_ = newest.sequence;
  at_ = newest.at;
}

void AnnouncementNumbers::give(std::span<Announcement> announcements) {
  if (announcements.empty()) return;
  at_ = std::max(at_, now());
  for (Announcement& announcement : announcements) {
    announcement.sequence = ++newest_;
    announcement.at = at_;
  }
}

std::vector<std::byte> encode_announcement(const Announcement& announcement) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  writer.integer(kAnnouncementFormat);
  writer.integer(static_cast<uint8_t>(announcement.kind));
  writer.integer(announcement.at.micros());
  if (is_of_take_down(announcement.kind)) {
    write_take_down(writer, announcement.take_down);
  } else {
    write_text(out, announcement.link.code);
    writer.raw(encode_link(announcement.link));
  }
  return out;
}

Result<Announcement> decode_announcement(uint64_t sequence, Bytes stored) {
  ByteReader reader(stored);
  const auto format = reader.integer<uint8_t>();
  const auto kind = reader.integer<uint8_t>();
  if (format != kAnnouncementFormat || kind == 0 || kind > static_cast<uint8_t>(Announcement::Kind::kRestored))
    return fail(ErrorCode::kCorrupt, "announcement " + std::to_string(sequence) + " was stored by a later version");
  Announcement announcement{.kind = static_cast<Announcement::Kind>(kind), .sequence = sequence};
  announcement.at = Timestamp::from_micros(reader.integer<int64_t>());
  if (is_of_take_down(announcement.kind)) {
    announcement.take_down = read_take_down(reader);
  } else {
    const std::string code(read_text(reader));
    announcement.link = TRY(decode_link(code, reader.raw(reader.left())));
  }
  if (!reader.ok()) return fail(ErrorCode::kCorrupt, "announcement " + std::to_string(sequence) + " is damaged");
  return announcement;
}

}  // namespace doorbuster::links
