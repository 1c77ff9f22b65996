#include "stampede/truth.h"

#include <array>
#include <cstdio>

namespace doorbuster::stampede {

std::string Truth::labels(std::string_view simulation) const {
  std::string text = "# simulated: " + std::string(simulation) + "\nwho,label\n";
  for (const auto& [who, is_bot] : is_bot_) {
    std::array<char, 32> line{};
    std::snprintf(line.data(), line.size(), "%016llx,%s\n", static_cast<unsigned long long>(who),
                  is_bot ? "bot" : "human");
    text += line.data();
  }
  return text;
}

}  // namespace doorbuster::stampede
