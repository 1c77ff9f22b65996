// A list of addresses that visitors must not be sent to, read from a text file: hashes of expressions, whole or their
// first bytes, as Safe Browsing has them, or addresses and hosts as they are, which are hashed when they are read. What
// a file says in which line: docs/formats/threat-lists.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace doorbuster::links {

inline constexpr size_t kHashPrefixBytesMin = 4;
inline constexpr size_t kHashBytes = sizeof(Digest);

enum class Threat : uint8_t {
  kNone,
  kSuspect,  // the first bytes of a hash: other addresses have the same, four of them one in 143 million
  kListed,   // a whole hash
};
inline constexpr std::array<std::string_view, 3> kThreatNames = {"none", "suspect", "listed"};

class ThreatList {
 public:
  // `name` is what operators are told of where it comes from.
  [[nodiscard]] static ThreatList read(std::string_view text, std::string name);

  // Of the hashes of an address's expressions: the worst.
  [[nodiscard]] Threat find(const std::vector<Digest>& hashes) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] size_t entries() const;
  // Lines that say nothing that can be read, and the first of them.
  [[nodiscard]] size_t lines_skipped() const { return lines_skipped_; }
  [[nodiscard]] size_t first_skipped() const { return first_skipped_; }

 private:
  void add(std::string_view bytes) { by_length_[bytes.size()].append(bytes); }
  bool read_line(std::string_view line);
  void sort();

  std::string name_;
  std::map<size_t, std::string> by_length_;  // of hashes: those of one length one behind the other, in order
  size_t lines_skipped_ = 0;
  size_t first_skipped_ = 0;
};

// Of all expressions of an address; none if it has no host.
[[nodiscard]] std::vector<Digest> threat_hashes(std::string_view long_url);

}  // namespace doorbuster::links
