// The worked examples of docs/formats/, for the tests that hold the code to them.
//
// The first block that begins with ```hex, as bytes: of each line what stands before "|", pairs of hexadecimal digits
// with spaces between them.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "base/assert.h"

namespace doorbuster {

inline std::vector<std::byte> document_bytes(const std::string& path) {
  std::ifstream document(path);
  ASSERT(document.is_open());
  std::string line;
  while (std::getline(document, line) && line != "```hex") {
  }
  std::vector<std::byte> bytes;
  while (std::getline(document, line) && line != "```") {
    const std::string digits = line.substr(0, line.find('|'));
    for (size_t at = 0; at + 1 < digits.size() && digits[at] != ' '; at += 3) {
      bytes.push_back(static_cast<std::byte>(std::stoi(digits.substr(at, 2), nullptr, 16)));
    }
  }
  return bytes;
}

}  // namespace doorbuster
