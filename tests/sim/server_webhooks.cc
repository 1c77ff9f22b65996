// The webhooks of a simulated server.
#include <algorithm>

#include "sim/server.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

// Rarer than in production: all news comes by itself, as no read fails here.
constexpr Duration kPoll = Duration::seconds(10);
// Each is three operations of the disk.
constexpr Duration kSave = Duration::seconds(1);

}  // namespace

// As the application does once the cells are claimed.
bool Server::start_webhooks() {
  if (!site_.plan.has_webhooks) return true;
  std::vector<platform::DeliverySource*> sources;
  for (const CellId cell : ids_) {
    feeds_.push_back(std::make_unique<sale::WebhookFeed>(log_, cell, at(cell).lease().tail, directory_,
                                                         ServerKeys::get().ids(), views(cell)));
    sources.push_back(feeds_.back().get());
  }
  webhooks_ = std::make_unique<platform::WebhookEngine>(
      platform::WebhookEngine::Deps{.clock = time_.clock(), .wall = &site_.clock, .folder = site_.files.folder()},
      platform::WebhookOptions{.poll_time = kPoll, .save_time = kSave});
  connect_clients(&receiver_, [this] { webhooks_soon(Duration()); });
  if (webhooks_->start({receiver_.endpoint()}, sources, platform::WebhookEngine::Threads::kNone)) {
    const auto status = webhooks_->status_of(receiver_.endpoint().id);
    for (const auto& position : status->positions)
      site_.trace.note("server ", number_, " has told cell ", position.source.cell, " up to ", position.position);
    webhooks_soon(Duration());
    return true;
  }
  site_.trace.note("server ", number_, " can't start: a webhook's position can't be saved");
  webhooks_.reset();
  return false;
}

void Server::webhooks_soon(Duration wait) {
  const Timestamp when = site_.events.now() + wait;
  if (webhooks_ == nullptr || when >= next_webhooks_) return;
  next_webhooks_ = when;
  later(wait, [this, when] {
    if (when == next_webhooks_) tend_webhooks();
  });
}

void Server::tend_webhooks() {
  next_webhooks_ = kNever;
  if (webhooks_ == nullptr) return;
  const Duration wait = webhooks_->turn() - time_.clock().now();
  webhooks_soon(std::clamp(wait, Duration::millis(1), kPoll));
}

void Server::for_each_delivery(CellId cell, const std::function<void(const platform::Delivery&)>& visit) const {
  sale::WebhookFeed feed(log_, cell, Sequence(), directory_, ServerKeys::get().ids(), views(cell));
  const auto take = [&](const std::shared_ptr<const platform::Delivery>& delivery) {
    visit(*delivery);
    return true;
  };
  uint64_t before = UINT64_MAX;
  for (uint64_t after = 0; after != before; after = feed.read(after, take)) before = after;
}

bool Server::has_told_all() const {
  if (!site_.plan.has_webhooks) return true;
  const auto status = webhooks_ == nullptr ? std::nullopt : webhooks_->status_of(receiver_.endpoint().id);
  return status && !status->disabled && status->waiting + status->behind + status->in_flight == 0;
}

void Server::enable_webhooks() {
  if (webhooks_ == nullptr) return;
  (void)webhooks_->enable(receiver_.endpoint().id);
  webhooks_soon(Duration());
}

}  // namespace doorbuster::sim
