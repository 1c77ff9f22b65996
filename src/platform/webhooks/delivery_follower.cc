#include "platform/webhooks/delivery_follower.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/bytes.h"
#include "base/this_thread.h"

namespace doorbuster::platform {
namespace {

// Between two looks at what is new, and so how late a view may be.
constexpr auto kBetweenLooks = std::chrono::milliseconds(50);
// Told while readers wait.
constexpr size_t kDeliveriesATurn = 512;

tl::unexpected<Error> not_usable(std::string why) { return fail(ErrorCode::kInvalid, std::move(why)); }

}  // namespace

void DeliveryFollower::start(std::vector<std::unique_ptr<DeliverySource>> sources) {
  for (auto& source : sources) followed_.push_back({.source = std::move(source), .read = 0});
  restore();
  thread_ = std::thread([this] {
    begin_thread(options_.name);
    run();
  });
}

void DeliveryFollower::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  bell_.ring();
  thread_.join();
  save();
  followed_.clear();
}

void DeliveryFollower::run() {
  while (!stopping_.load(std::memory_order_acquire)) {
    bool is_more = false;
    uint64_t behind = 0;
    for (Followed& followed : followed_) {
      is_more = turn(followed) || is_more;
      behind += followed.source->newest() - std::min(followed.read, followed.source->newest());
    }
    events_behind_.store(behind, std::memory_order_relaxed);
    if (is_more) continue;
    if (std::ranges::all_of(followed_, [](const Followed& one) { return one.read >= one.source->tail_at_start(); }))
      caught_up_.store(true, std::memory_order_release);
    if (heard_since_save_ >= options_.deliveries_a_save) save();
    bell_.wait(kBetweenLooks);
  }
}

// Whether there may be more at once.
bool DeliveryFollower::turn(Followed& followed) {
  // Before it is asked whether anybody listens: who begins to listen later misses nothing that comes then.
  const uint64_t newest = followed.source->newest();
  if (followed.read >= newest) return false;
  is_changed_ = true;
  if (!audience_.listens()) {
    followed.read = newest;
    return false;
  }
  // Reading may take its time; readers of the view wait only while it is told.
  told_.clear();
  followed.read = followed.source->read(followed.read, [&](const std::shared_ptr<const Delivery>& delivery) {
    told_.push_back(delivery);
    return told_.size() < kDeliveriesATurn;
  });
  const std::lock_guard lock(mutex_);
  for (const auto& delivery : told_) audience_.hear(*delivery);
  audience_.end_turn();
  heard_since_save_ += told_.size();
  return told_.size() == kDeliveriesATurn;
}

void DeliveryFollower::restore() {
  if (options_.store == nullptr) return;
  Result<void> loaded;
  auto found = options_.store->read(options_.name);
  if (!found) {
    loaded = tl::unexpected(found.error());
  } else if (*found != nullptr) {
    loaded = load(**found);
  }
  if (loaded) return;
  audience_.clear();
  for (Followed& followed : followed_) followed.read = 0;
  const std::string aside = options_.store->set_aside(options_.name);
  options_.on_trouble("the saved view '" + options_.name + "' is of no use, and is made anew from the logs: " +
                      loaded.error().message + " (it lies in " + aside + " now)");
}

Result<void> DeliveryFollower::load(StateReader& in) {
  std::vector<std::byte> part;
  if (!TRY(in.next(part))) return not_usable("it is empty");
  ByteReader head(part);
  const std::string format(head.text());
  if (!head.ok() || format != audience_.state_format())
    return not_usable("its format is '" + format + "', and that of this server '" + audience_.state_format() + "'");
  for (auto left = head.integer<uint32_t>(); left > 0 && head.ok(); --left) {
    const std::string service(head.text());
    const SourceId id{.service = service, .cell = head.integer<uint32_t>()};
    const auto read = head.integer<uint64_t>();
    const auto followed = std::ranges::find_if(followed_, [&](const Followed& one) { return one.source->id() == id; });
    if (followed == followed_.end()) continue;  // a service that is not run any more
    if (read > followed->source->newest())
      return not_usable("it knows of event " + std::to_string(read) + " of " + service + ", which is not in its log");
    followed->read = read;
  }
  if (!head.finished()) return not_usable("its head can't be read");
  return audience_.load(in);
}

void DeliveryFollower::save() {
  if (options_.store == nullptr || !std::exchange(is_changed_, false)) return;
  heard_since_save_ = 0;  // whatever comes of it: what failed is tried again after as many deliveries
  const Result<void> saved = try_save();
  if (!saved) options_.on_trouble("the view '" + options_.name + "' could not be saved: " + saved.error().message);
}

Result<void> DeliveryFollower::try_save() {
  std::vector<std::byte> head;
  ByteWriter writer(head);
  writer.text(audience_.state_format());
  writer.integer(static_cast<uint32_t>(followed_.size()));
  for (const Followed& followed : followed_) {
    writer.text(followed.source->id().service);
    writer.integer(followed.source->id().cell);
    writer.integer(followed.read);
  }
  const auto out = TRY(options_.store->write(options_.name));
  TRY(out->add(head));
  TRY(audience_.save(*out));
  return out->commit();
}

}  // namespace doorbuster::platform
