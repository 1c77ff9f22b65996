#include "ops/metrics/series.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "base/assert.h"

namespace doorbuster::ops {
namespace {

// The shortest text that reads back to the same number.
template <class Number>
void write_number(std::string& out, Number number) {
  std::array<char, 32> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  ASSERT(error == std::errc());
  out.append(digits.data(), end);
}

void write_value(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    write_number(out, value);
  }
}

void write_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\' || (quotes && c == '"')) out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

std::string bound_text(uint64_t bound, const HistogramScale& scale) {
  const uint64_t most = scale.values == HistogramScale::Values::kWhole ? bound - 1 : bound;
  std::string text;
  write_number(text, static_cast<double>(most) / scale.units_shown);
  return text;
}

}  // namespace

void Series::add(Labels labels, double value) { write("", labels, value); }
void Series::add(Labels labels, uint64_t value) { write("", labels, value); }

// Prometheus' buckets are cumulative, and the last one has no bound.
void Series::add(Labels labels, const Distribution& distribution, const HistogramScale& scale) {
  ASSERT(std::has_single_bit(scale.lowest) && scale.lowest >= 2 && scale.lowest < scale.highest);
  uint64_t seen = 0;
  uint64_t shown_above = 0;
  for (size_t i = 0; i + 1 < distribution.buckets.size(); ++i) {
    seen += distribution.buckets[i];
    const uint64_t bound = Histogram::upper_bound(i);
    const uint64_t power = std::bit_floor(bound);
    const bool is_step = bound == power || 2 * (bound - power) == power;
    if (!is_step || bound < scale.lowest || bound > scale.highest) continue;
    write("_bucket", labels, seen, bound_text(bound, scale));
    shown_above = bound;
  }
  ASSERT(shown_above == scale.highest);
  const uint64_t count = seen + distribution.buckets.back();
  write("_bucket", labels, count, "+Inf");
  write("_sum", labels, static_cast<double>(distribution.sum) / scale.units_shown);
  write("_count", labels, count);
}

void Series::write_name(std::string_view suffix, Labels labels, std::string_view bound) {
  out_.append(name_).append(suffix);
  char before = '{';
  for (const Label& label : labels) {
    out_ += before;
    out_.append(label.name).append("=\"");
    write_escaped(out_, label.value, true);
    out_ += '"';
    before = ',';
  }
  if (!bound.empty()) {
    out_ += before;
    out_.append("le=\"").append(bound).append("\"");
    before = ',';
  }
  out_ += before == ',' ? "} " : " ";
}

void Series::write(std::string_view suffix, Labels labels, double value, std::string_view bound) {
  write_name(suffix, labels, bound);
  write_value(out_, value);
  out_ += '\n';
}

void Series::write(std::string_view suffix, Labels labels, uint64_t value, std::string_view bound) {
  write_name(suffix, labels, bound);
  write_number(out_, value);
  out_ += '\n';
}

void write_help(std::string& out, std::string_view help) { write_escaped(out, help, false); }

}  // namespace doorbuster::ops
