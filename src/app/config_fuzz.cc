// The configuration's way in: lines before "---" are words of the command line, what follows is the file. Nothing is
// thrown but CLI11's own refusals, and what was understood prints as TOML that reads back to the same.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "app/configure.h"
#include "base/assert.h"

namespace {

using namespace doorbuster;
using namespace doorbuster::app;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < 64) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

ConfigFlags flags_of(std::string_view text) {
  CLI::App command;
  ConfigFlags flags;
  add_config_flags(command, flags);
  std::vector<std::string> words = lines_of(text);
  std::ranges::reverse(words);
  try {
    command.parse(words);
  } catch (const CLI::Error&) {
    return {};
  }
  return flags;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t cut = text.find("---\n");
  const std::string_view words = text.substr(0, cut == std::string_view::npos ? 0 : cut);
  const std::string_view file = cut == std::string_view::npos ? text : text.substr(cut + 4);
  const Result<Config> config = configure(flags_of(words), file, "fuzz.toml");
  if (!config) {
    ASSERT(!config.error().message.empty());
    return 0;
  }
  const Result<Config> again = configure({}, print_config(*config), "printed.toml");
  ASSERT(again.has_value() && print_config(*again) == print_config(*config));
  return 0;
}
