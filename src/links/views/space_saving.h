// The most frequent of a stream of texts, with bounds for each, by so many counters: Space-Saving (Metwally, Agrawal
// and El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", 2005).
//
// A text without a counter takes the one of the rarest, with its count. So the counts add up to all texts that came, a
// count is never too small, and it is too large by what was taken over at most. Whatever came more often than one in
// so many as there are counters has one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace doorbuster::links {

class SpaceSaving {
 public:
  static constexpr size_t kCountersMax = 256;

  struct Counter {
    std::string text;
    uint64_t count = 0;       // at most so often
    uint64_t taken_over = 0;  // of which so many may have been others: at least count - taken_over
    friend bool operator==(const Counter&, const Counter&) = default;
  };

  void note(std::string_view text);
  // Whether a text can be noted and none loses its counter to it.
  [[nodiscard]] bool has_room_for(std::string_view text) const;
  // As if each text that `more` counts came so often. Where it is exact, what is said above holds of all of them; else
  // a count may be too small by what its text had there before it lost its counter.
  SpaceSaving& operator+=(const SpaceSaving& more);
  // No text has lost its counter.
  [[nodiscard]] bool is_exact() const;
  // The most frequent first.
  [[nodiscard]] std::span<const Counter> counters() const { return counters_; }

  // Bytes in memory beside the object itself, about.
  [[nodiscard]] size_t heap_bytes() const { return counters_.capacity() * (sizeof(Counter) + kTextBytes); }

  void write(ByteWriter& out) const;
  // False if the bytes are not what was written.
  [[nodiscard]] bool read(ByteReader& in);

  friend bool operator==(const SpaceSaving&, const SpaceSaving&) = default;

 private:
  // Of a text that does not fit into its object.
  static constexpr size_t kTextBytes = 16;
  using At = std::vector<Counter>::iterator;
  // The text's counter; a new one, which counts none, or the rarest's.
  [[nodiscard]] At counter_of(std::string_view text);

  std::vector<Counter> counters_;
};

}  // namespace doorbuster::links
