// What was counted of clicks and is not written yet (count_store.h): counts of the links that were followed since,
// which are added to their records by the next write.
//
// One thread notes clicks; any thread may ask meanwhile.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "links/views/count_record.h"

namespace doorbuster::links {

class RecentCounts {
 public:
  struct OfLink {
    bool is_gone = false;  // then all clicks behind are nobody's
    // Mostly one. Another one is begun where referrers would lose their counters.
    std::vector<CountRecord> parts;
  };
  using Links = std::unordered_map<uint64_t, OfLink>;

  // --- The one thread. ---

  void note(const Click& click, Timestamp at, Sequence heard);
  void note(const ImportedClicks& clicks, Sequence heard);
  void forget(uint64_t link);
  [[nodiscard]] const Links& links() const { return links_; }
  // They have been written.
  void clear();

  // --- Any thread. ---

  [[nodiscard]] std::optional<OfLink> of(uint64_t link) const;
  // The place in the log of its last click that is here; none: 0.
  [[nodiscard]] Sequence heard_of(uint64_t link) const;
  [[nodiscard]] size_t size() const;
  // In memory, about.
  [[nodiscard]] size_t bytes() const;

 private:
  // With the mutex: adds to the part of a link that is there and takes it, or to a new one.
  template <class CanTake, class Add>
  void add(uint64_t link, Sequence heard, CanTake&& can_take, Add&& add);

  mutable std::mutex mutex_;
  Links links_;
  size_t bytes_ = 0;
};

}  // namespace doorbuster::links
