// Takes links that come from elsewhere, with their codes, dates and counts.
//
// A link's counts are in the log before the link is there: under its number, which nobody else ever has. So a crash in
// between leaves counts of a number that no link got, which nobody can ask for, and no link without its counts; and
// whoever sends the same again gets other numbers, and links that are there already stay as they are
// (docs/decisions/0129).
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "links/abuse/blocks.h"
#include "links/api/bulk_request.h"
#include "links/api/import_report.h"
#include "links/api/imported_link.h"
#include "links/machine/links_machine.h"
#include "links/store/link_writer.h"
#include "ops/metrics/counter.h"
#include "platform/api/waiting_line.h"

namespace doorbuster::links {

class LinkImporter {
 public:
  // All outlive it.
  LinkImporter(const LinkStore& store, LinkWriter& writer, const LinkBase& base, const Blocks& blocks)
      : store_(store), writer_(writer), base_(base), blocks_(blocks) {}

  // To be attached to the cell.
  [[nodiscard]] platform::WaitingLine<LinksMachine>::Port& port() { return line_.port(); }

  // On a thread that may wait.
  [[nodiscard]] BulkAnswer take(const BulkRequest& request);

  // Any thread.
  [[nodiscard]] uint64_t created() const { return created_.value(); }

 private:
  struct Plan {
    ImportReport report;
    std::vector<Change> claims;
    std::vector<ImportedClicks> clicks;               // of each claim
    std::unordered_map<std::string, size_t> by_code;  // the claims
  };

  [[nodiscard]] Result<std::vector<Result<ForeignLink>>> read(const BulkRequest& request) const;
  [[nodiscard]] Result<void> plan_row(const BulkRequest& request, size_t row, const Result<ForeignLink>& read,
                                      Plan& plan) const;
  [[nodiscard]] Result<void> plan_code(size_t row, ImportedLink imported, ImportedClicks clicks, Plan& plan) const;
  [[nodiscard]] Result<void> record(Plan& plan);

  const LinkStore& store_;
  LinkWriter& writer_;
  const LinkBase& base_;
  const Blocks& blocks_;
  platform::WaitingLine<LinksMachine> line_;
  ops::Counter created_;
};

}  // namespace doorbuster::links
