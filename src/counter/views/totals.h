// What has been counted, as read from the log: the totals, and when each last grew.
#pragma once

#include <map>
#include <string>

#include "counter/machine/counter_machine.h"
#include "platform/views/follower.h"

namespace doorbuster::counter {

class Totals final : public platform::EventAudience {
 public:
  struct Row {
    uint64_t total = 0;
    uint64_t additions = 0;
    Timestamp last_at;
  };

  [[nodiscard]] Result<uint64_t> hear(Bytes events, const platform::EventPlace& first) override;
  [[nodiscard]] std::string state_format() const override { return "counter-totals-1"; }
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override;
  [[nodiscard]] Result<void> load(platform::StateReader& in) override;
  void clear() override { rows_.clear(); }

  // Within Follower::look().
  [[nodiscard]] const std::map<std::string, Row, std::less<>>& rows() const { return rows_; }

 private:
  std::map<std::string, Row, std::less<>> rows_;
};

}  // namespace doorbuster::counter
