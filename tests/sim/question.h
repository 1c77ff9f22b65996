// A command as the outside remembers it: enough to judge the answer by, and to tell about it in a trace.
#pragma once

#include <string>

#include "sale/machine/command.h"

namespace doorbuster::sim {

struct Question {
  std::string_view what;
  std::optional<CustomerHash> customer;
  sale::SaleNumber sale;
  sale::Idempotency idempotency;
  std::optional<sale::HoldNumber> hold;
  std::optional<sale::EntryNumber> entry;
  uint8_t attempt = 0;
  bool reads_only = false;
  AnnotationsBox annotations = {};  // that are to be attached to what is asked for
};

[[nodiscard]] Question question_of(const sale::Command& command);
[[nodiscard]] std::string text_of(const Question& question);
[[nodiscard]] std::string text_of(const sale::Reply& reply);
[[nodiscard]] std::string text_of(sale::HoldNumber hold);
[[nodiscard]] std::string text_of(sale::EntryNumber entry);
[[nodiscard]] std::string_view text_of(sale::Outcome outcome);

}  // namespace doorbuster::sim
