// Who may read what the views know of a sale.
#pragma once

#include <optional>

#include "sale/api/catalog.h"
#include "sale/api/report_token.h"
#include "sale/api/request_reader.h"
#include "sale/views/views.h"

namespace doorbuster::sale {

// Whether the views know all that had happened when the server started, and can show the sale, which may have to be
// read from the archive. Answers 503 otherwise.
[[nodiscard]] bool can_show(const Call& call, const AllViews& views, SaleNumber sale);

// The sale in the path, if an operator asks and the views can show it. Answers by itself and returns nothing otherwise.
[[nodiscard]] const Listing* sale_for_report(const Call& call, RequestReader& reader, const AllViews& views);

// The same, or, with `share` in the query, whoever has the link to the report of a sale that is over.
struct ReportReader {
  const Listing& listing;
  bool is_operator;
};
[[nodiscard]] std::optional<ReportReader> reader_of_report(const Call& call, RequestReader& reader,
                                                           const ReportTokens& tokens, const AllViews& views);

// Every unit is sold, or the sale is closed.
[[nodiscard]] bool is_over(const PublicStatus& status);

}  // namespace doorbuster::sale
