// Announces what the log has decided of links (store/announcement.h): that one is used up, taken down or restored. It
// hears the same events as the counts of clicks, and before them, so that one follower does for both.
//
// How far the log is told is written together with what is told of it: after a crash, and when all is heard again, each
// event is announced once.
#pragma once

#include <functional>
#include <vector>

#include "links/store/announcement.h"
#include "platform/views/follower.h"

namespace doorbuster::links {

class Announcer final : public platform::EventAudience {
 public:
  // Makes them durable, together with how far the log is told then.
  using Announce = std::function<Result<void>(std::vector<Announcement> announcements, uint64_t heard)>;
  Announcer(platform::EventAudience& others, Announce announce) : others_(others), announce_(std::move(announce)) {}

  // Once, before a follower tells anything: what is told already.
  void begin(uint64_t heard) { heard_ = heard; }

  // kUnavailable: what is to be told can't be written, and comes again.
  [[nodiscard]] Result<uint64_t> hear(Bytes events, const platform::EventPlace& first) override;
  void on_caught_up() override { others_.on_caught_up(); }
  void tidy() override { others_.tidy(); }
  [[nodiscard]] std::string state_format() const override { return others_.state_format(); }
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override { return others_.save(out); }
  [[nodiscard]] Result<void> load(platform::StateReader& in) override { return others_.load(in); }
  void clear() override { others_.clear(); }

 private:
  [[nodiscard]] Result<void> announce(Bytes events, uint64_t first);

  platform::EventAudience& others_;
  const Announce announce_;
  uint64_t heard_ = 0;
};

}  // namespace doorbuster::links
