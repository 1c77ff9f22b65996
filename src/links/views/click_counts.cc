#include "links/views/click_counts.h"

#include <vector>

namespace doorbuster::links {

Result<uint64_t> ClickCounts::hear(Bytes events, const platform::EventPlace& first) {
  return for_each_event(events, [&](const Event& event) {
    if (const auto* clicked = std::get_if<Clicked>(&event)) {
      ++total_.by_visitor[static_cast<size_t>(clicked->click.visitor)];
      links_[clicked->click.link].note(clicked->click, first.at);
    } else if (const auto* imported = std::get_if<ClicksImported>(&event)) {
      for (const ImportedDay& day : imported->clicks.days) total_ += {.by_visitor = day.by_visitor};
      links_[imported->clicks.link].note(imported->clicks);
    }
  });
}

const LinkCounts* ClickCounts::of(uint64_t link) const {
  const auto found = links_.find(link);
  return found == links_.end() ? nullptr : &found->second;
}

Result<void> ClickCounts::save(platform::StateWriter& out) const {
  std::vector<std::byte> part;
  ByteWriter head(part);
  write_tally(head, total_);
  TRY(out.add(part));
  for (const auto& [link, counts] : links_) {
    part.clear();
    ByteWriter writer(part);
    writer.integer(link);
    counts.write(writer);
    TRY(out.add(part));
  }
  return {};
}

Result<void> ClickCounts::load(platform::StateReader& in) {
  std::vector<std::byte> part;
  if (!TRY(in.next(part))) return fail(ErrorCode::kCorrupt, "the saved counts of clicks have no beginning");
  ByteReader head(part);
  total_ = read_tally(head);
  while (TRY(in.next(part))) {
    ByteReader reader(part);
    const auto link = reader.integer<uint64_t>();
    if (!links_[link].read(reader) || !reader.finished())
      return fail(ErrorCode::kCorrupt, "the saved counts of a link's clicks can't be read");
  }
  return {};
}

void ClickCounts::clear() {
  links_.clear();
  total_ = {};
}

}  // namespace doorbuster::links
