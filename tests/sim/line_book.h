// The lines of a log by the plainest bookkeeping there is: who takes part in a draw, where everybody stands, who is
// offered a unit and whose turn it was, and how many offers there are in a minute.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sale/machine/draw/merkle.h"
#include "sale/machine/state.h"
#include "sim/trace.h"

namespace doorbuster::sim {

class LineBook {
 public:
  explicit LineBook(Promises& promises) : promises_(promises) {}

  void hear(const sale::SaleCreated& event, Timestamp at);
  void hear(const sale::DrawCommitted& event, Timestamp at);
  void hear(const sale::BeaconNamed& event, Timestamp at);
  void hear(const sale::Enrolled& event, Timestamp at);
  void hear(const sale::Joined& event, Timestamp at);
  void hear(const sale::JoinDelayed& event, Timestamp at);
  void hear(const sale::EntryPlaced& event, Timestamp at);
  void hear(const sale::DrawClosed& event, Timestamp at);
  void hear(const sale::BeaconGiven& event, Timestamp at);
  void hear(const sale::Drawn& event, Timestamp at);
  void hear(const sale::Offered& event, Timestamp at);
  void hear(const sale::OfferLapsed& event, Timestamp at);
  void hear(const sale::EntryLeft& event, Timestamp at);
  void hear(const sale::EntryRemoved& event, Timestamp at);
  void hear(const sale::Held& event, Timestamp at);
  template <class Other>
  void hear(const Other&, Timestamp) {}

  // Whether everybody who waits is told the place that they have, and how many are ahead of them.
  void compare(const sale::State& state) const;

 private:
  enum class Stand : uint8_t { kWaits, kIsOffered, kIsGone };
  struct Delayed {
    sale::EntryNumber entry;
    Timestamp place_at;
  };
  struct Line {
    bool is_draw = false;
    Digest secret{};
    std::optional<sale::Beacon> beacon;
    std::string value;
    sale::MerkleTree tree;  // of those who take part
    bool is_closed = false;
    std::optional<sale::DrawPermutation> order;
    std::vector<sale::EntryNumber> by_arrival;
    std::map<sale::EntryNumber, uint32_t> arrivals;
    std::vector<Stand> stands;           // by arrival
    std::vector<Delayed> delayed;        // who waits for a place, in the order in which they came
    std::optional<uint32_t> per_minute;  // nobody here changes that
    Duration claim = {};                 // nor that
    std::vector<Timestamp> offers;
    std::vector<Timestamp> given_back;  // by offers that nobody claimed
  };

  void expect(bool holds, const char* sentence) const;
  void arrive(Line& line, sale::EntryNumber entry, uint32_t arrival);
  void close(Line& line, uint32_t entries, const Digest& root);
  void go(Line& line, sale::EntryNumber entry, Timestamp at);
  void check_pace(const Line& line, Timestamp at) const;
  static uint32_t place_of(const Line& line, uint32_t arrival);  // 0 before the draw
  static uint32_t ahead_of(const Line& line, uint32_t place);

  Promises& promises_;
  std::map<sale::SaleNumber, Line> lines_;
};

}  // namespace doorbuster::sim
