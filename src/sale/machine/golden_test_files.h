// The golden files of events and snapshots, as they were once written.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace doorbuster::sale {

inline std::string golden_path(const std::string& name) { return std::string(DOORBUSTER_SALE_TESTDATA) + "/" + name; }

inline std::vector<std::byte> golden_contents(const std::string& name) {
  std::ifstream file(golden_path(name), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace doorbuster::sale
