// What a report says of a sale's fairness by cohort.
#pragma once

#include "base/json_writer.h"
#include "sale/views/cohorts.h"

namespace doorbuster::sale {

// The member "cohorts": null where nothing was said of anybody who came.
//
// Its headline, "jain_index", is the least of the indices by network, device and country: what people can't choose. By
// score it is meant to be low, for whoever has a high one is delayed or refused.
void write_cohorts(JsonWriter& json, const SaleCohorts& cohorts);

}  // namespace doorbuster::sale
