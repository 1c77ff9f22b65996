// Where counts of clicks lie that are not in memory: a record a link (count_record.h), and how far the log was heard.
//
// What a store promises, whatever it is made of: write() is done as a whole or not at all, also by a crash, and later
// writes do not survive where an earlier one has not; so the head says of all that lies there exactly which events
// are in it. Nothing in it is a truth of its own: it can be made anew from the log.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "links/views/count_record.h"

namespace doorbuster::links {

class CountStore {
 public:
  struct Head {
    uint64_t generation = 0;  // another one whenever all was forgotten; never 0
    Sequence heard;           // all that lies there has heard the events up to this one, and none behind it
    Tally total;              // of all links, those that are gone among them
    friend bool operator==(const Head&, const Head&) = default;
  };
  struct Change {
    uint64_t link = 0;
    bool is_gone = false;                // what was counted of it is forgotten
    std::span<const CountRecord> parts;  // else added, in their order; each can be (LinkCounts::can_be_added())
  };
  enum class Durable : uint8_t {
    kSoon,  // survives the end of the process
    kNow,   // and a loss of power, with all that was written before
  };

  virtual ~CountStore() = default;

  // Once, before all else. kUnavailable: another server uses it; kIo: why it can't be used. What is damaged is set
  // aside, and it is empty then.
  [[nodiscard]] virtual Result<Head> open() = 0;

  // One thread at a time, as clear(). kIo: nothing of it was done.
  [[nodiscard]] virtual Result<void> write(std::span<const Change> changes, const Head& head, Durable durable) = 0;
  // Forgets all; the head is that of an empty one.
  [[nodiscard]] virtual Result<Head> clear() = 0;

  // Nothing if there is none. Any thread.
  [[nodiscard]] virtual Result<std::optional<CountRecord>> find(uint64_t link) const = 0;
  // How often each of these was followed, as read at about one moment. Any thread.
  [[nodiscard]] virtual Result<std::vector<RecordTotal>> find_totals(std::span<const uint64_t> links) const = 0;

  struct Usage {
    uint64_t links = 0;         // about
    uint64_t memory_bytes = 0;  // for what was read and what is being written
    uint64_t disk_bytes = 0;
  };
  // Any thread.
  [[nodiscard]] virtual Usage usage() const = 0;
};

// Of an empty store: a new generation.
[[nodiscard]] CountStore::Head new_head();

}  // namespace doorbuster::links
