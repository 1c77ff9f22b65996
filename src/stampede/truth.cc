#include "stampede/truth.h"

#include "guard/decision_log.h"

namespace doorbuster::stampede {

std::string Truth::labels(std::string_view simulation) const {
  std::string text = "# simulated: " + std::string(simulation) + "\nwho,label\n";
  for (const auto& [who, is_bot] : is_bot_) text += guard::who_text(who) + (is_bot ? ",bot\n" : ",human\n");
  return text;
}

}  // namespace doorbuster::stampede
