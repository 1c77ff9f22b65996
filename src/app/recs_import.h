// Sends a shop's catalogue and its orders, of any size, page by page to a server's recommendations, and prints what
// becomes of them.
#pragma once

#include <string>

#include "base/result.h"

namespace doorbuster::app {

struct RecsImportOptions {
  std::string items = {};   // a file: recs/imports/catalogue_table.h; empty for none
  std::string orders = {};  // a file: recs/imports/orders_table.h; empty for none
  std::string server = "http://127.0.0.1:8080";
  std::string key = {};
  int64_t days_later = 0;  // that orders are told to be
};

// A row that is wrong is printed with its line, and takes none of the others with it. What was sent stays, and counts
// once however often the same tables are sent. kInvalid: some rows were not taken, or a file is no such table.
[[nodiscard]] Result<void> import_shop(const RecsImportOptions& options);

}  // namespace doorbuster::app
