// Sends a file of links, of any size, page by page to POST /api/v1/urls/import, and prints what becomes of them.
#pragma once

#include <istream>
#include <string>

#include "base/result.h"
#include "links/imports/products.h"

namespace doorbuster::app {

inline constexpr size_t kImportPageMax = 10'000;

struct LinkImportOptions {
  links::Product product = links::Product::kCsv;
  std::string server = "http://127.0.0.1:8080";
  std::string key = {};
  std::string domain = {};
  std::string zone = "UTC";
  size_t page = 1'000;
  bool is_dry_run = false;
  bool takes_open = false;
};

// Pages that were sent stay; whoever sends the file again is told of their links that they are there already. kInvalid:
// the file is not what it should be from somewhere on. kConflict: some links were not taken, and were printed.
[[nodiscard]] Result<void> import_links_of(std::istream& file, const LinkImportOptions& options);

}  // namespace doorbuster::app
