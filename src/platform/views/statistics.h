// The statistics of a report: how even shares are, how likely chance alone is, how well two orders agree.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace doorbuster::platform {

// The chance that a chi-square distributed number is at least this large (DLMF 8.2.4: Q(degrees / 2, x / 2)). Good to
// 1e-10. Asserts degrees > 0 and x >= 0.
[[nodiscard]] double chi_square_p(double x, uint32_t degrees);
// What a field has to be expected to hold at least: with fewer, chi-square is no good approximation.
inline constexpr double kChiSquareExpectedMin = 5;

// Jain's fairness index (Jain, Chiu and Hawe 1984): 1 if all are the same, 1 / n if one has everything. Nothing if
// there is no share above 0.
[[nodiscard]] std::optional<double> jain_index(std::span<const double> shares);

// Kendall's tau of an order in which numbers came one after another: 1 if each was larger than all before, -1 if each
// was smaller (Kendall 1938; without ties). Nothing for fewer than two numbers.
//
// Constant time and 4 bytes for a number that is larger than all before; a smaller one takes time for each it was
// overtaken by. Of very many only the last million are remembered: what stands further back is taken to be in order.
class KendallTau {
 public:
  static constexpr size_t kRemembered = size_t{1} << 20;

  void note(uint32_t number);

  [[nodiscard]] std::optional<double> value() const;
  [[nodiscard]] uint64_t count() const { return count_; }
  // Pairs of which the later number was the smaller one.
  [[nodiscard]] uint64_t discordant() const { return discordant_; }

  // What has to be kept to go on later, for whoever reads or writes it.
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.count_, self.discordant_, self.sorted_);
  }

 private:
  uint64_t count_ = 0;
  uint64_t discordant_ = 0;
  std::vector<uint32_t> sorted_;
};

}  // namespace doorbuster::platform
