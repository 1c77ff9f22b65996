// What became of links that came from elsewhere, or would become of them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "links/imports/products.h"
#include "links/store/link_store.h"

namespace doorbuster::links {

struct ImportReport {
  enum class Verdict : uint8_t {
    kTaken,     // it is made, or would be
    kThere,     // a link of that code leads to the same address already
    kRefused,   // it can't be taken
    kConflict,  // a link of that code leads elsewhere
  };
  struct Entry {
    size_t row = 0;
    std::string code = {};
    Verdict verdict = Verdict::kTaken;
    size_t claim = 0;  // kTaken: among the claims
    std::string detail = {};
    std::vector<std::string> warnings = {};
  };

  // So many domains are told by name.
  static constexpr size_t kDomainsMax = 100;

  size_t rows = 0;
  size_t left_out = 0;  // of other domains than were asked for
  std::map<std::string, size_t> domains = {};
  size_t other_domains = 0;  // rows of those that are not told by name
  std::vector<Entry> entries = {};

  void note_domain(const std::string& domain);
};

// As JSON. Links that were simply taken, or are there, are counted and not listed. `claims` are with their outcomes,
// and `clicks` is how many each link brings.
[[nodiscard]] std::string write_report(const ImportReport& report, Product product, bool is_dry_run,
                                       std::span<const Change> claims, std::span<const uint64_t> clicks);

}  // namespace doorbuster::links
