#include "log/memory/simulated_disk.h"

#include <algorithm>
#include <iterator>

namespace doorbuster::log {
namespace {

// What whoever asked for the operation is told, if the power is on.
DiskResult result_of(Fault fault) {
  return fault == Fault::kFailsDone || fault == Fault::kFailsUndone ? DiskResult::kFailed : DiskResult::kDone;
}

}  // namespace

DiskResult SimulatedDisk::write(RecordName name, Bytes bytes) {
  return perform({.kind = Pending::Kind::kWrite, .name = name, .to = {}, .bytes = {bytes.begin(), bytes.end()}});
}

DiskResult SimulatedDisk::append(RecordName name, Bytes bytes) {
  const std::scoped_lock lock(mutex_);
  const auto found = visible_.find(name);
  const size_t offset = found == visible_.end() ? 0 : found->second.size();
  return perform({.kind = Pending::Kind::kAppend,
                  .name = name,
                  .to = {},
                  .bytes = {bytes.begin(), bytes.end()},
                  .offset = offset});
}

DiskResult SimulatedDisk::rename(RecordName from, RecordName to) {
  return perform({.kind = Pending::Kind::kRename, .name = from, .to = to, .bytes = {}});
}

DiskResult SimulatedDisk::erase(RecordName name) {
  return perform({.kind = Pending::Kind::kErase, .name = name, .to = {}, .bytes = {}});
}

DiskResult SimulatedDisk::perform(Pending operation) {
  const std::scoped_lock lock(mutex_);
  const Fault fault = next_fault();
  if (off_) return DiskResult::kOff;
  if (fault != Fault::kFailsUndone) accept(std::move(operation));
  if (fault == Fault::kCrash) lose_power();
  return off_ ? DiskResult::kOff : result_of(fault);
}

DiskResult SimulatedDisk::sync() {
  const std::scoped_lock lock(mutex_);
  const Fault fault = next_fault();
  if (fault == Fault::kCrash && !off_) lose_power();
  if (off_) return DiskResult::kOff;
  if (fault == Fault::kFailsUndone) {
    drop_unsynced();
    ++losses_;
  } else {
    make_durable();
  }
  return result_of(fault);
}

uint64_t SimulatedDisk::losses() const {
  const std::scoped_lock lock(mutex_);
  return losses_;
}

DiskResult SimulatedDisk::note_operation() {
  const std::scoped_lock lock(mutex_);
  const Fault fault = next_fault();
  if (fault == Fault::kCrash && !off_) lose_power();
  return off_ ? DiskResult::kOff : result_of(fault);
}

Fault SimulatedDisk::next_fault() {
  if (off_) return Fault::kNone;
  ++operations_;
  const auto planned = planned_.extract(operations_);
  const Fault fault = planned.empty() ? random_fault() : planned.mapped();
  if (fault == Fault::kStall && options_.on_stall) {
    const auto micros = prng_.below(static_cast<uint64_t>(options_.stall_max.micros()) + 1);
    options_.on_stall(Duration::micros(static_cast<int64_t>(micros)));
  }
  return fault;
}

Fault SimulatedDisk::random_fault() {
  const auto hit = [&](uint64_t one_in) { return one_in != 0 && prng_.chance(one_in); };
  const bool crashes = hit(options_.crash_one_in);
  const bool fails = hit(options_.fail_one_in);
  const bool stalls = hit(options_.stall_one_in);
  if (crashes) return Fault::kCrash;
  if (fails) return prng_.chance(2) ? Fault::kFailsDone : Fault::kFailsUndone;
  return stalls ? Fault::kStall : Fault::kNone;
}

void SimulatedDisk::accept(Pending operation) {
  apply(visible_, operation);
  pending_.push_back(std::move(operation));
}

void SimulatedDisk::make_durable() {
  for (const Pending& operation : pending_) apply(durable_, operation);
  pending_.clear();
}

// What is visible becomes what is durable, for the records that differ.
void SimulatedDisk::drop_unsynced() {
  const auto reset = [&](const RecordName& name) {
    const auto found = durable_.find(name);
    if (found == durable_.end()) {
      visible_.erase(name);
    } else {
      visible_[name] = found->second;
    }
  };
  for (const Pending& operation : pending_) {
    reset(operation.name);
    if (operation.kind == Pending::Kind::kRename) reset(operation.to);
  }
  pending_.clear();
}

void SimulatedDisk::lose_power() {
  ASSERT(!off_);
  off_ = true;
  const uint64_t whole =
      prng_.below(pending_.size() + 1);  // without reordering: so many of the oldest, and perhaps a torn one
  for (size_t i = 0; i < pending_.size(); ++i) {
    const uint64_t fate = options_.reorder ? prng_.below(3) : (i < whole ? 0 : (i == whole ? 1 + prng_.below(2) : 2));
    if (fate == 0) survive(pending_[i], false);
    if (fate == 1 && options_.tear) survive(pending_[i], true);
  }
  drop_unsynced();
}

void SimulatedDisk::survive(const Pending& operation, bool tear) {
  if (tear && operation.kind == Pending::Kind::kAppend) {
    Pending part = operation;
    part.bytes.resize(prng_.below(part.bytes.size() + 1));
    return apply(durable_, part);
  }
  if (!tear || operation.kind != Pending::Kind::kWrite) return apply(durable_, operation);
  durable_[operation.name] = torn(operation);
}

// The beginning of what was written, and behind it what was there before, or zeros (blocks that were allocated), or
// nothing.
std::vector<std::byte> SimulatedDisk::torn(const Pending& write) {
  const size_t written = prng_.below(write.bytes.size() + 1);
  std::vector<std::byte> result(write.bytes.begin(), write.bytes.begin() + static_cast<std::ptrdiff_t>(written));
  const auto old = durable_.find(write.name);
  if (old != durable_.end() && old->second.size() > written) {
    result.insert(result.end(), old->second.begin() + static_cast<std::ptrdiff_t>(written), old->second.end());
  } else if (prng_.chance(2)) {
    result.resize(write.bytes.size());
  }
  return result;
}

// A rename whose file's bytes never reached the disk leaves an empty file under the new name, as file systems do; and
// where an append reached it but not the one before, there are zeros.
void SimulatedDisk::apply(Contents& contents, const Pending& operation) {
  switch (operation.kind) {
    case Pending::Kind::kWrite:
      contents[operation.name] = operation.bytes;
      return;
    case Pending::Kind::kAppend: {
      std::vector<std::byte>& record = contents[operation.name];
      record.resize(std::max(record.size(), operation.offset + operation.bytes.size()));
      std::ranges::copy(operation.bytes, record.begin() + static_cast<std::ptrdiff_t>(operation.offset));
      return;
    }
    case Pending::Kind::kErase:
      contents.erase(operation.name);
      return;
    case Pending::Kind::kRename: {
      auto moved = contents.extract(operation.name);
      contents[operation.to] = moved.empty() ? std::vector<std::byte>() : std::move(moved.mapped());
    }
  }
}

std::optional<std::vector<std::byte>> SimulatedDisk::read(RecordName name) const {
  const std::scoped_lock lock(mutex_);
  return find(visible_, name);
}

std::optional<std::vector<std::byte>> SimulatedDisk::read_synced(RecordName name) const {
  const std::scoped_lock lock(mutex_);
  return find(durable_, name);
}

std::optional<std::vector<std::byte>> SimulatedDisk::find(const Contents& contents, RecordName name) {
  const auto found = contents.find(name);
  if (found == contents.end()) return std::nullopt;
  return found->second;
}

std::optional<RecordName> SimulatedDisk::at_or_after(RecordName name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = visible_.lower_bound(name);
  if (found == visible_.end()) return std::nullopt;
  return found->first;
}

std::optional<RecordName> SimulatedDisk::at_or_before(RecordName name) const {
  const std::scoped_lock lock(mutex_);
  const auto behind = visible_.upper_bound(name);
  if (behind == visible_.begin()) return std::nullopt;
  return std::prev(behind)->first;
}

void SimulatedDisk::fail_at(uint64_t nth, Fault fault) {
  const std::scoped_lock lock(mutex_);
  ASSERT(nth > 0);
  planned_[operations_ + nth] = fault;
}

uint64_t SimulatedDisk::operations() const {
  const std::scoped_lock lock(mutex_);
  return operations_;
}

void SimulatedDisk::crash() {
  const std::scoped_lock lock(mutex_);
  lose_power();
}

bool SimulatedDisk::crashed() const {
  const std::scoped_lock lock(mutex_);
  return off_;
}

void SimulatedDisk::restart() {
  const std::scoped_lock lock(mutex_);
  ASSERT(off_);
  off_ = false;
}

void SimulatedDisk::flip_bit(RecordName name, size_t bit) {
  const std::scoped_lock lock(mutex_);
  for (Contents* contents : {&durable_, &visible_}) {
    const auto found = contents->find(name);
    ASSERT(contents == &durable_ || found != contents->end());
    if (found != contents->end() && bit / 8 < found->second.size()) found->second[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

void SimulatedDisk::truncate(RecordName name, size_t size) {
  const std::scoped_lock lock(mutex_);
  ASSERT(visible_.contains(name));
  for (Contents* contents : {&durable_, &visible_}) {
    const auto found = contents->find(name);
    if (found != contents->end() && size < found->second.size()) found->second.resize(size);
  }
}

void SimulatedDisk::remove(RecordName name) {
  const std::scoped_lock lock(mutex_);
  ASSERT(visible_.contains(name));
  durable_.erase(name);
  visible_.erase(name);
}

}  // namespace doorbuster::log
