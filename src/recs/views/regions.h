// What is popular, and what is done lately, by country: of events that say where their visitor was, or whose user's
// profile does (docs/recs/README.md). Exact to increment and to decrement, as everything that is counted of histories.
#pragma once

#include <map>
#include <string_view>

#include "recs/views/ranked_counts.h"
#include "recs/views/recent_counts.h"

namespace doorbuster::recs {

// Two capital letters as a number; 0 if it is something else.
[[nodiscard]] constexpr uint16_t country_of_text(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() != 2 || !is_letter(text[0]) || !is_letter(text[1])) return 0;
  return static_cast<uint16_t>(static_cast<unsigned char>(text[0]) << 8 | static_cast<unsigned char>(text[1]));
}
// What a user's profile says as `country`.
[[nodiscard]] uint16_t country_in_profile(std::string_view json);

struct Region {
  RankedCounts popular;
  RecentCounts recent;
};

class Regions {
 public:
  void add(uint16_t country, uint32_t item, Timestamp at, uint64_t weight);
  void remove(uint16_t country, uint32_t item, Timestamp at, uint64_t weight);
  // Time does not go back.
  void advance(Timestamp now);
  void clear();
  // Null where nothing was ever done.
  [[nodiscard]] const Region* find(uint16_t country) const {
    const auto found = regions_.find(country);
    return found == regions_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] size_t size() const { return regions_.size(); }
  [[nodiscard]] size_t bytes() const;
  // Whether all that is counted is the same; for tests.
  [[nodiscard]] bool counts_as(const Regions& other) const;

 private:
  Timestamp now_;
  std::map<uint16_t, Region> regions_;  // 676 at most
};

}  // namespace doorbuster::recs
