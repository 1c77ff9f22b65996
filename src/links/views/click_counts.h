// How often each link was followed, by whom and from where, as read from the log (link_counts.h).
#pragma once

#include <string>
#include <unordered_map>

#include "links/machine/links_machine.h"
#include "links/views/link_counts.h"
#include "platform/views/follower.h"

namespace doorbuster::links {

class ClickCounts final : public platform::EventAudience {
 public:
  [[nodiscard]] Result<uint64_t> hear(Bytes events, const platform::EventPlace& first) override;
  [[nodiscard]] std::string state_format() const override { return "links-clicks-4"; }
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
