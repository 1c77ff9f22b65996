// Decisions of the guard that somebody has labelled: what a model is trained on, and what it is judged by.
//
// Labels are lines of "who,human" or "who,bot", by what is known after the drop: returned cards, refunds, a look at the
// orders. A line that begins with "# simulated:" says that nobody knows better than a simulation.
// docs/formats/guard-decisions.md has both files.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "guard/features.h"

namespace doorbuster::guard {

struct Labels {
  std::map<uint64_t, bool> is_bot;  // by Decision::who
  std::string simulated_by;         // empty: they do not say so
};
// kInvalid with the line of the first that is wrong.
[[nodiscard]] Result<Labels> parse_labels(std::string_view text, std::string_view name);

struct Sample {
  uint64_t who = 0;
  bool is_bot = false;
  Features features;
};

struct LabelledDecisions {
  std::vector<Sample> samples;
  uint64_t unlabelled = 0;  // decisions of which nobody says what they were
  Timestamp first, last;    // of the samples
};
// Adds those of a decision log. kInvalid with the line of the first that is no decision of this build.
[[nodiscard]] Result<void> read_decisions(std::istream& log, std::string_view name, const Labels& labels,
                                          LabelledDecisions& decisions);

// How many there are, not counting what each of them did.
struct Classes {
  size_t people = 0;
  size_t bots = 0;
};
[[nodiscard]] Classes classes_of(const std::vector<Sample>& samples);

// Whoever is held out is so with all that they did: a model that knows somebody already would be judged too well. Of
// people and of bots the same percentage, by a hash that begins with the seed.
struct Split {
  std::vector<Sample> training;
  std::vector<Sample> holdout;
};
[[nodiscard]] Split split_by_who(const std::vector<Sample>& samples, uint32_t holdout_percent, uint64_t seed);

// By sample: each of those who did something weighs 1, however often they did it.
[[nodiscard]] std::vector<float> weights_of(const std::vector<Sample>& samples);

}  // namespace doorbuster::guard
