// What the world outside has been told, and holds the server to: every acknowledged hold is there, nothing that was
// acknowledged is lost, given twice or attributed to another, and a repeated request finds what the first one made.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "sale/machine/machine.h"
#include "sim/answer_book.h"
#include "sim/cells.h"
#include "sim/site.h"
namespace doorbuster::sim {

class History {
 public:
  explicit History(Site& site) : site_(site) {}

  // Somebody asks, and may never hear what became of it.
  void asked(const Question& question);
  // A decided answer leaves a server that has the logs like that. Whether it reaches anybody is another matter: it
  // could have. The request was sent at step `sent_at`.
  void saw(const Question& question, const Heard& heard, const LogRanges& logs, uint64_t sent_at);
  // Numbers that everybody may read.
  void saw(const sale::PublicStatus& status);

  // Whether a server that has just recovered, or that has become quiet, knows all that was promised.
  void check(const CellStates& states);

  [[nodiscard]] size_t acknowledged() const { return holds_.size() + entries_.size(); }

 private:
  struct HoldFact {
    std::optional<CustomerHash> customer;
    sale::SaleNumber sale;
    sale::HoldState state;  // as it was last seen; a final one never changes
    uint64_t final_at = 0;  // the step at which it was first seen so
    Timestamp expires_at;
    uint8_t attempts;
  };
  struct EntryFact {
    std::optional<CustomerHash> customer;
    sale::SaleNumber sale;
    uint32_t arrival;
    uint32_t position;  // 0 before the draw
  };
  using KeyOfCustomer = std::tuple<std::string_view, sale::SaleNumber, CustomerHash, uint64_t>;

  void saw_nothing(const Question& question, const LogRanges& logs);
  void saw_nothing_created(const Question& question, const LogRanges& logs);
  void saw_hold(const Question& question, const sale::HoldView& hold, bool is_newest, uint64_t sent_at);
  void saw_entry(const Question& question, const sale::EntryView& entry);
  void saw_annotations(const Question& question, const Heard& heard);
  void saw_key(const Question& question, const Heard& heard);
  [[nodiscard]] bool may_forget_key(const KeyOfCustomer& key, uint64_t made, CellId cell) const;
  [[nodiscard]] bool was_forgotten_in_time(CellId cell, uint64_t hold) const;
  void saw_repeated(const KeyOfCustomer& key, const Heard& heard);
  void saw_operator(const Question& question, const Heard& heard);
  void check_hold(uint64_t packed, const HoldFact& fact, const CellStates& states);
  [[nodiscard]] bool may_be_forgotten(uint64_t packed, const HoldFact& fact, const CellStates& states);
  void saw_draw(sale::PublicStatus& seen, const sale::PublicStatus& status);
  void check_entry(uint64_t packed, const EntryFact& fact, const CellStates& states);
  [[nodiscard]] sale::SaleNumber sale_in(const CellStates& states, sale::SaleNumber in_plan) const;
  void check_annotations(const CellStates& states);
  void check_operators(const CellStates& states);
  void check_numbers(const CellStates& states);

  Site& site_;
  std::map<uint64_t, HoldFact> holds_;
  std::map<std::pair<sale::SaleNumber, CustomerHash>, std::vector<uint64_t>> holds_of_;  // the oldest first
  std::set<uint64_t> asked_back_;  // holds that somebody wanted to release
  std::map<uint64_t, EntryFact> entries_;
  std::map<uint64_t, Annotations> of_holds_;  // what is attached to them
  std::map<uint64_t, Annotations> of_entries_;
  std::map<std::pair<sale::SaleNumber, uint32_t>, uint64_t> positions_;
  std::map<KeyOfCustomer, uint64_t> made_by_key_;
  std::map<KeyOfCustomer, Heard> reserved_by_key_;  // the newest answer
  std::map<uint64_t, sale::SaleNumber> operator_keys_;
  std::set<sale::SaleNumber> closed_;
  std::map<sale::SaleNumber, sale::PublicStatus> numbers_;
};

}  // namespace doorbuster::sim
