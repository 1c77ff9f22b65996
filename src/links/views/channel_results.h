// What came of the visitors whom a sale's channels brought: who joined, who held a unit, who bought one. Read from what
// the sale tells (docs/webhooks.md), each of whose events says what is attached to a place or a hold; whoever came by
// a channel has its code there, as `channel` in the metadata.
//
// Words that a visitor chose are believed only if they are the code of a channel of that very sale.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "platform/webhooks/delivery_follower.h"

namespace doorbuster::links {

struct ChannelResult {
  uint64_t joins = 0;  // places in the queue
  uint64_t holds = 0;
  uint64_t units = 0;  // bought
  bool operator==(const ChannelResult&) const = default;
};

struct SaleResults {
  Timestamp since;  // from when on anything is counted: its first channel was made then
  std::map<std::string, ChannelResult, std::less<>> by_channel;
  ChannelResult others;  // came by no channel
};

class ChannelResults final : public platform::DeliveryAudience {
 public:
  // Whether a code is that of a channel of the sale; called by the follower's thread.
  using IsChannel = std::function<bool(std::string_view sale, const std::string& code)>;
  explicit ChannelResults(IsChannel is_channel) : is_channel_(std::move(is_channel)) {}

  // The sale has a channel since then, or is about to be given one. Before the follower starts, and then within
  // DeliveryFollower::look().
  void open(const std::string& sale, Timestamp since);

  [[nodiscard]] bool listens() const override { return listens_.load(std::memory_order_acquire); }
  void hear(const platform::Delivery& delivery) override;
  [[nodiscard]] std::string state_format() const override { return "links-channels-1"; }
  [[nodiscard]] Result<void> save(platform::StateWriter& out) const override;
  [[nodiscard]] Result<void> load(platform::StateReader& in) override;
  void clear() override;

  // Within DeliveryFollower::look(). Null: the sale has had no channel.
  [[nodiscard]] const SaleResults* of(std::string_view sale) const;

 private:
  [[nodiscard]] ChannelResult* result_for(std::string_view sale, SaleResults& results, const std::string& json);

  const IsChannel is_channel_;
  std::map<std::string, Timestamp> opened_;
  std::map<std::string, SaleResults, std::less<>> sales_;
  std::atomic<bool> listens_{false};
};

}  // namespace doorbuster::links
