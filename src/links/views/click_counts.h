// How often each link was followed, by whom and from where, as read from the log.
//
// Sums agree, whatever is asked: all clicks are those of people and those of programs, the sum over the days, the sum
// over the countries, and the sum over the referrers with those that are counted together.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "links/machine/links_machine.h"
#include "platform/views/follower.h"

namespace doorbuster::links {

// Days since 1970-01-01 in UTC.
using Day = int32_t;
[[nodiscard]] Day day_of(Timestamp at);
[[nodiscard]] std::string text_of(Day day);  // "2026-11-27"
[[nodiscard]] std::optional<Day> day_named(std::string_view text);

struct Tally {
  std::array<uint64_t, kVisitorNames.size()> by_visitor{};
  [[nodiscard]] uint64_t all() const { return by_visitor[0] + by_visitor[1]; }
};

struct LinkCounts {
  // Of so many referrers at most; of those that come later all are counted together.
  static constexpr size_t kReferrersMax = 256;

  Tally total;
  Timestamp first_at;
  Timestamp last_at;
  std::map<Day, Tally> by_day;
  std::map<Country, uint64_t> by_country;
  std::map<std::string, uint64_t, std::less<>> by_referrer;  // "": none was said
  uint64_t other_referrers = 0;

  void note(const Click& click, Timestamp at);
};

class ClickCounts final : public platform::EventAudience {
 public:
  [[nodiscard]] Result<uint64_t> hear(Bytes events, const platform::EventPlace& first) override;
  [[nodiscard]] std::string state_format() const override { return "links-clicks-1"; }
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override;
  [[nodiscard]] Result<void> load(platform::StateReader& in) override;
  void clear() override;

  // Within Follower::look(). Null: nobody has followed it yet.
  [[nodiscard]] const LinkCounts* of(uint64_t link) const;
  [[nodiscard]] const Tally& total() const { return total_; }

 private:
  std::unordered_map<uint64_t, LinkCounts> links_;
  Tally total_;
};

}  // namespace doorbuster::links
