// What a follower saves: a first part that says of which logs, up to where and in which format, and then whatever the
// audience writes (docs/formats/view-state.md).
#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/bug_zoo.h"
#include "base/cpu_share.h"
#include "base/crypto.h"
#include "platform/views/follower.h"

namespace doorbuster::platform {
namespace {

tl::unexpected<Error> of_no_use(std::string why) { return fail(ErrorCode::kInvalid, std::move(why)); }

// A large state takes a tenth of a second and more to write: in one piece that long whoever shares the core with it
// waits, and so does whoever waits until their event is heard. Nobody rests once the follower is to stop.
class RestingWriter final : public StateWriter {
 public:
  RestingWriter(StateWriter& out, SavePace pace, const std::atomic<bool>& stopping, std::function<void()> hear)
      : out_(out), pace_(pace), stopping_(stopping), hear_(std::move(hear)) {}

  Result<void> add(Bytes part) override {
    TRY(out_.add(part));
    if (pace_ != SavePace::kWithRests || stopping_.load(std::memory_order_acquire)) return {};
    if (hear_) {
      hear_();
      return {};
    }
    const Duration took = cpu_time_of_this_thread() - rested_at_;
    std::this_thread::sleep_for(std::chrono::microseconds(kRestsAsLong * took.micros()));
    rested_at_ = cpu_time_of_this_thread();
    return {};
  }
  Result<void> commit() override { return out_.commit(); }

 private:
  static constexpr int64_t kRestsAsLong = 2;

  StateWriter& out_;
  const SavePace pace_;
  const std::atomic<bool>& stopping_;
  const std::function<void()> hear_;
  Duration rested_at_ = cpu_time_of_this_thread();
};

}  // namespace

// By what a batch is known again: whoever has heard another one there has heard another log.
Result<Digest> Follower::fingerprint_at(const Followed& cell, Sequence position) const {
  if (position == Sequence()) return Digest{};
  std::optional<Digest> found;
  TRY(log_.read(cell.id, position, [&](const log::Batch& batch) {
    if (log::last_of(batch) != position) return false;
    std::vector<std::byte> head;
    ByteWriter writer(head);
    writer.integer(batch.first.value());
    writer.integer(batch.count);
    writer.integer(batch.at.micros());
    found = sha256(head, batch.payload);
    return false;
  }));
  if (!found) return of_no_use("the log has no batch that ends with event " + std::to_string(position.value()));
  return *found;
}

void Follower::save(SavePace pace) {
  if (options_.store == nullptr || heard_since_save_ == 0) return;
  heard_since_save_ = 0;  // whatever comes of it: what failed is tried again after as many events
  const Result<void> saved = try_save(pace);
  if (!saved) options_.on_trouble("the views could not be saved: " + saved.error().message);
}

Result<void> Follower::try_save(SavePace pace) {
  std::vector<std::byte> head;
  ByteWriter writer(head);
  writer.text(audience_.state_format());
  writer.integer(static_cast<uint32_t>(cells_.size()));
  for (const auto& cell : cells_) {
    const Sequence heard = position(cell->id);
    const Digest fingerprint = TRY(fingerprint_at(*cell, heard));
    writer.integer(cell->id.value());
    writer.integer(heard.value());
    writer.raw(fingerprint);
  }
  const auto out = TRY(options_.store->write(options_.name));
  TRY(out->add(head));
  bool is_behind = false;
  const auto hear = [&] { (void)hear_new(is_behind); };
  RestingWriter resting(*out, pace, stopping_, audience_.hears_while_saving() ? hear : std::function<void()>());
  TRY(audience_.save(resting));
  return out->commit();
}

void Follower::restore(const std::vector<Sequence>& tails) {
  ASSERT(tails.size() == cells_.size());
  for (size_t i = 0; i < tails.size(); ++i) {
    cells_[i]->start_tail = tails[i];
    cells_[i]->tail.store(tails[i].value(), std::memory_order_release);
  }
  if (options_.store == nullptr) return;
  Result<void> loaded;
  auto found = options_.store->read(options_.name);
  if (!found) {
    loaded = tl::unexpected(found.error());
  } else if (*found != nullptr) {
    const std::lock_guard lock(mutex_);
    loaded = load(**found, tails);
    if (!loaded) audience_.clear();
  }
  if (loaded) return;
  const std::string aside = options_.store->set_aside(options_.name);
  options_.on_trouble("the saved views are of no use, and are made anew from the log: " + loaded.error().message +
                      " (they lie in " + aside + " now)");
}

Result<void> Follower::load(StateReader& in, const std::vector<Sequence>& tails) {
  std::vector<std::byte> part;
  if (!TRY(in.next(part))) return of_no_use("they are empty");
  std::vector<Sequence> positions;
  TRY(check_head(part, tails, positions));
  TRY(audience_.load(in));
  for (size_t i = 0; i < cells_.size(); ++i) {
    const uint64_t heard = positions[i].value();
    const bool too_old = heard > 0 && bug_planted(Bug::kViewsTakenForOlder);
    cells_[i]->position.store(heard - (too_old ? 1 : 0), std::memory_order_release);
  }
  return {};
}

// Whether what follows the head is in the present format and of these very logs.
Result<void> Follower::check_head(Bytes head, const std::vector<Sequence>& tails,
                                  std::vector<Sequence>& positions) const {
  ByteReader reader(head);
  const std::string format(reader.text());
  if (!reader.ok() || format != audience_.state_format())
    return of_no_use("their format is '" + format + "', and that of this server '" + audience_.state_format() + "'");
  if (reader.integer<uint32_t>() != cells_.size()) return of_no_use("they are of another number of cells");
  for (size_t i = 0; i < cells_.size(); ++i) {
    const auto cell = reader.integer<uint32_t>();
    const Sequence heard(reader.integer<uint64_t>());
    const Bytes fingerprint = reader.raw(Digest{}.size());
    if (!reader.ok() || cell != cells_[i]->id.value()) return of_no_use("they are of other cells");
    if (heard > tails[i]) {
      return of_no_use("they know of event " + std::to_string(heard.value()) + ", and the log ends with " +
                       std::to_string(tails[i].value()));
    }
    const Digest there = TRY(fingerprint_at(*cells_[i], heard));
    if (!std::ranges::equal(there, fingerprint) && !bug_planted(Bug::kViewsOfAnotherLog))
      return of_no_use("they are of another log");
    positions.push_back(heard);
  }
  return {};
}

}  // namespace doorbuster::platform
