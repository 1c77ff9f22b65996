// What one shop's program does: a command at a time, asked again with the same ids until it is answered; and what it
// has been promised by the answers.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/prng.h"
#include "recs/api/names.h"
#include "recs/machine/recs_machine.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs::sim {

inline constexpr uint32_t kItems = 12;

[[nodiscard]] NameHash item_hash(uint32_t item);

class Shop {
 public:
  Shop(uint32_t number, uint64_t seed) : number_(number), random_(seed) {}

  [[nodiscard]] bool is_waiting() const { return command_.has_value(); }
  // The next command, or the one that was not answered.
  [[nodiscard]] RecsMachine::Command next(Timestamp now);
  // It was answered: what is said of it has to be so in the tables. Nothing: it is.
  [[nodiscard]] std::optional<std::string> take(const RecsMachine::Reply& reply, const RecsTables& tables);

  // Of events that were answered.
  [[nodiscard]] const std::set<uint64_t>& acknowledged() const { return acknowledged_; }
  [[nodiscard]] const std::set<NameHash>& forgotten() const { return forgotten_; }
  [[nodiscard]] std::optional<std::string> complaint_about(const RecsTables& tables) const;
  [[nodiscard]] uint64_t answers() const { return answers_; }

 private:
  struct Done {
    Timestamp at;
    uint32_t item = 0;
    EventKind kind = EventKind::kView;
    bool operator==(const Done&) const = default;
  };
  using History = std::vector<Done>;

  [[nodiscard]] NameHash user_hash(uint32_t user) const;
  [[nodiscard]] RecsMachine::Command fresh_command(Timestamp now);
  [[nodiscard]] RecordEvents events(Timestamp now);
  void apply(const RecsMachine::Command& command);
  void apply_row(const EventRow& row);

  const uint32_t number_;
  Prng random_;
  uint64_t next_id_ = 0;
  uint64_t answers_ = 0;
  std::optional<RecsMachine::Command> command_;
  std::map<NameHash, History> histories_;
  std::set<uint64_t> counted_;  // ids of events that this model has
  std::set<uint64_t> acknowledged_;
  std::set<NameHash> forgotten_;  // and not seen since
  std::vector<EventRow> sent_;    // of which some are sent again
};

}  // namespace doorbuster::recs::sim
