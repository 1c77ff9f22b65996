// What operators' idempotency keys were used for: the newest so many, found by key.
#pragma once

#include <algorithm>
#include <deque>
#include <map>

#include "sale/machine/snapshot_pieces.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

struct OperatorRequest {
  uint64_t fingerprint;
  SaleNumber sale;
  bool operator==(const OperatorRequest&) const = default;
};

class OperatorRequests {
 public:
  struct Keyed {
    uint64_t key;
    OperatorRequest request;
  };
  static constexpr uint32_t kKeysAPiece = 1'024;

  OperatorRequests(uint32_t limit, SnapshotPieces::Write write) : limit_(limit), pieces_(std::move(write)) {}

  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(in_order_.size()); }
  [[nodiscard]] const OperatorRequest* find(uint64_t key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &found->second;
  }

  // The oldest is forgotten when there are more than the limit. False if the key is known already.
  [[nodiscard]] bool remember(uint64_t key, const OperatorRequest& request) {
    if (!by_key_.emplace(key, request).second) return false;
    in_order_.push_back({key, request});
    if (size() > limit_) forget_oldest();
    return true;
  }

  // Not while a snapshot is under way.
  void forget(uint64_t key) {
    if (by_key_.erase(key) == 0) return;
    in_order_.erase(std::ranges::find(in_order_, key, &Keyed::key));
  }

  [[nodiscard]] const std::deque<Keyed>& in_order() const { return in_order_; }
  // Where in that order a piece of the snapshot that is under way begins.
  [[nodiscard]] uint32_t begin_of(uint32_t piece) const { return piece * kKeysAPiece - forgotten_; }

  static constexpr uint32_t pieces_of(uint32_t keys) { return (keys + kKeysAPiece - 1) / kKeysAPiece; }
  void begin_snapshot() {
    forgotten_ = 0;
    pieces_.begin(pieces_of(size()));
  }
  [[nodiscard]] SnapshotPieces& pieces() { return pieces_; }

 private:
  void forget_oldest() {
    pieces_.before_change(forgotten_ / kKeysAPiece);
    by_key_.erase(in_order_.front().key);
    in_order_.pop_front();
    ++forgotten_;
  }

  uint32_t limit_;
  std::deque<Keyed> in_order_;  // the oldest first
  std::map<uint64_t, OperatorRequest> by_key_;
  uint32_t forgotten_ = 0;  // since the newest begin_snapshot()
  SnapshotPieces pieces_;
};

}  // namespace doorbuster::sale
