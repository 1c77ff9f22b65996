// What an operator can set of recommendations.
#pragma once

#include "ops/settings/table.h"
#include "recs/machine/recs_machine.h"

namespace doorbuster::recs {

struct RecsSettings {
  Capacity capacity = {};
  uint64_t history = 100;
  uint64_t answers = 20'000;
  ops::TextList weights = {};  // of kinds of event of the shop's own
  // What others' clients call events.
  ops::TextList event_names = {"read=view",        "watch=view",     "star=purchase",  "like=purchase",
                               "buy=purchase",     "order=purchase", "addtocart=cart", "add-to-cart=cart",
                               "add_to_cart=cart", "refund=cancel"};
  uint64_t training_every_seconds = 3'600;
  uint64_t training_threads = 1;
};

void add_settings(ops::SettingsTable& table, RecsSettings& settings);

}  // namespace doorbuster::recs
