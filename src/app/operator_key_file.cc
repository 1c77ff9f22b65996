#include "app/operator_key_file.h"

#include <cstdlib>

#include "base/file.h"

namespace doorbuster::app {

std::string help_of_key() {
  return "a file with an operator's key; without it the variable " + std::string(kOperatorKeyVariable) +
         ", then var/operator.key";
}

Result<std::string> operator_key_for(const std::string& file) {
  constexpr size_t kKeyBytesMax = 1'024;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet
  const char* in_environment = std::getenv(kOperatorKeyVariable);
  if (file.empty() && in_environment != nullptr) return std::string(in_environment);
  std::string key = TRY(read_file(file.empty() ? "var/operator.key" : file, kKeyBytesMax));
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  return key;
}

}  // namespace doorbuster::app
