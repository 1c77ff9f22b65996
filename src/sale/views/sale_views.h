// The views of sales: orders, audit trails, reports, draws, the flow and the fairness of each sale, also by cohort, its
// line, and what its operator has said of it. Of all sales that are not archived, or of one that is.
#pragma once

#include <array>

#include "sale/machine/status.h"
#include "sale/views/audit.h"
#include "sale/views/cohorts.h"
#include "sale/views/descriptions.h"
#include "sale/views/draw_book.h"
#include "sale/views/fairness.h"
#include "sale/views/flow.h"
#include "sale/views/line.h"
#include "sale/views/orders.h"
#include "sale/views/reports.h"

namespace doorbuster::sale {

struct SaleViews {
  explicit SaleViews(EntryNamer namer) : draws(std::move(namer)), fairness(draws) {}

  Orders orders;
  Audit audit;
  Reports reports;
  DrawBook draws;
  Flow flow;
  Fairness fairness;
  Cohorts cohorts;
  Line line;
  Descriptions descriptions;

  // In the order in which they hear of an event, and are saved.
  [[nodiscard]] std::vector<Projection*> all() {
    return {&orders, &audit, &reports, &draws, &flow, &fairness, &cohorts, &line, &descriptions};
  }
  [[nodiscard]] std::array<const Projection*, 9> all() const {
    return {&orders, &audit, &reports, &draws, &flow, &fairness, &cohorts, &line, &descriptions};
  }
};

// The public numbers of a closed sale in which nobody has anything to wait for, as the machine has last said them.
[[nodiscard]] PublicStatus final_status_of(const SaleViews& views, SaleNumber sale);

}  // namespace doorbuster::sale
