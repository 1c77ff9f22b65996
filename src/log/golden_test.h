// Reads the bytes in testdata/ that older versions wrote and every later version must still read.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace doorbuster::log {

inline std::vector<std::byte> read_golden(const std::string& name) {
  std::ifstream file(std::string(DOORBUSTER_LOG_TESTDATA) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace doorbuster::log
