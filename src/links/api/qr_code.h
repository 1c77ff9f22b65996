// QR codes (ISO/IEC 18004) of short links, as pictures to print and to show.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::links {

// How much of the picture may be lost: 7, 15, 25, 30 %.
enum class QrLevel : uint8_t { kL, kM, kQ, kH };
inline constexpr std::array<std::string_view, 4> kQrLevelNames = {"L", "M", "Q", "H"};

class QrCode {
 public:
  // Modules of white around it: the least that the standard asks for.
  static constexpr uint32_t kQuiet = 4;

  // kInvalid: the text is longer than a code can hold.
  [[nodiscard]] static Result<QrCode> of(std::string_view text, QrLevel level);

  // Modules on each side, without the quiet zone.
  [[nodiscard]] uint32_t side() const { return side_; }
  [[nodiscard]] bool is_dark(uint32_t x, uint32_t y) const { return dark_[size_t{y} * side_ + x]; }

  // One that scales: a unit a module.
  [[nodiscard]] std::string svg() const;
  // Of so many pixels a module, black and white.
  [[nodiscard]] Result<std::string> png(uint32_t scale) const;

 private:
  QrCode(uint32_t side, std::vector<bool> dark) : side_(side), dark_(std::move(dark)) {}
  [[nodiscard]] bool is_dark_with_quiet(uint32_t x, uint32_t y) const;

  uint32_t side_;
  std::vector<bool> dark_;
};

}  // namespace doorbuster::links
