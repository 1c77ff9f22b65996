// The values of one family of metrics, as they are written into Prometheus' text format 0.0.4.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "ops/metrics/histogram.h"

namespace doorbuster::ops {

struct Label {
  std::string_view name;
  std::string_view value;  // any UTF-8; it is escaped
};
using Labels = std::initializer_list<Label>;

// How the numbers in a histogram are shown, and between which bounds. Two buckets a doubling are shown, so a quantile
// that is worked out from them is off by half of itself at most.
struct HistogramScale {
  enum class Values : uint8_t {
    kTruncated,  // of something continuous, cut off: a 7 is less than 8
    kWhole,      // counts: a 7 is at most 7
  };
  uint64_t lowest;         // the first bound; powers of two
  uint64_t highest;        // the last bound but infinity
  double units_shown = 1;  // what a value is divided by: 1'000'000 shows microseconds as seconds
  Values values = Values::kWhole;
};

// Of microseconds, shown in seconds: from 64 us to above 16 s.
inline constexpr HistogramScale kLatency{
    .lowest = 1U << 6, .highest = 1U << 24, .units_shown = 1e6, .values = HistogramScale::Values::kTruncated};
// How many of something came at once: from 1 to above 16,000.
inline constexpr HistogramScale kBatchSizes{.lowest = 2, .highest = 1U << 14};

class Series {
 public:
  // Writes to `out`, which outlives this. The name is the family's.
  Series(std::string& out, std::string_view name) : out_(out), name_(name) {}

  void add(Labels labels, double value);
  void add(Labels labels, uint64_t value);
  void add(Labels labels, const Distribution& distribution, const HistogramScale& scale);

 private:
  void write_name(std::string_view suffix, Labels labels, std::string_view bound = {});
  void write(std::string_view suffix, Labels labels, double value, std::string_view bound = {});
  void write(std::string_view suffix, Labels labels, uint64_t value, std::string_view bound = {});

  std::string& out_;
  const std::string_view name_;
};

// Help as the format wants it: no line breaks, backslashes doubled.
void write_help(std::string& out, std::string_view help);

}  // namespace doorbuster::ops
