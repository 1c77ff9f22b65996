// What operators have taken down: single links, and domains with everything that leads there. The part of the machine
// of links that has to do with it; few, so all of it is in memory, with a bound.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::links {

inline constexpr size_t kTakeDownsMax = 10'000;
inline constexpr size_t kTakeDownReasonBytesMax = 500;
inline constexpr size_t kTakeDownNoticeBytesMax = 1'000;

enum class TakeDownOf : uint8_t {
  kLink,    // by its code
  kDomain,  // all links that lead there, or to a host below it
};

struct TakeDown {
  uint64_t id = 0;    // from 1; no other one has it, ever
  Timestamp at = {};  // likewise given by the machine
  TakeDownOf of = TakeDownOf::kLink;
  std::string target;  // a code, or a host in small letters
  std::string reason;  // for operators
  std::string notice;  // for everybody; may be an address
  std::string by;      // the id of an operator's key
  bool operator==(const TakeDown&) const = default;
};

// Events.
struct TakenDown {
  TakeDown take_down;
};
struct Restored {
  uint64_t take_down = 0;  // its id
  // What it was; of what was restored before that was written down nothing.
  TakeDownOf of = TakeDownOf::kLink;
  std::string target;
};

// Commands. Of the first, id and time are given by the machine.
struct TakeDownTarget {
  TakeDown wanted;
};
struct RestoreTarget {
  uint64_t take_down = 0;
};

enum class TakeDownOutcome : uint8_t {
  kDone,
  kAlready,  // it is taken down
  kFull,     // as many are as may be
  kMissing,  // there is none of this id
};

void write_take_down(ByteWriter& writer, const TakeDown& take_down);
[[nodiscard]] TakeDown read_take_down(ByteReader& reader);

class TakeDownList {
 public:
  [[nodiscard]] TakeDownOutcome outcome_of(const TakeDownTarget& command) const;
  [[nodiscard]] TakeDownOutcome outcome_of(const RestoreTarget& command) const;
  [[nodiscard]] uint64_t next_id() const { return next_id_; }
  // By its id, or that of the same target.
  [[nodiscard]] const TakeDown& at(uint64_t id) const { return by_id_.at(id); }
  [[nodiscard]] uint64_t id_of(TakeDownOf of, const std::string& target) const { return ids_.at({of, target}); }

  void apply(const TakenDown& event);
  void apply(const Restored& event);

  // The oldest first.
  [[nodiscard]] std::vector<TakeDown> all() const;

  // A part of a snapshot: the next id, and take-downs up to its end.
  void read(ByteReader& reader);

 private:
  uint64_t next_id_ = 1;
  std::map<uint64_t, TakeDown> by_id_;
  std::map<std::pair<TakeDownOf, std::string>, uint64_t> ids_;
};

}  // namespace doorbuster::links
