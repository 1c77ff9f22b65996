// Money in JSON: {"amount": 49900, "currency": "USD"}.
#pragma once

#include <string>

#include "base/json.h"
#include "base/json_writer.h"
#include "base/money.h"

namespace doorbuster::platform {

inline constexpr int64_t kMoneyAmountMax = 1'000'000'000'000;

inline Money read_money(const JsonObject& object) {
  const int64_t amount = object.required("amount").integer(
      {.min = 0, .max = kMoneyAmountMax, .needs = "give whole minor units (cents) from 0 to 1,000,000,000,000"});
  const JsonValue code = object.required("currency");
  const Currency currency(code.string());
  if (code.present() && !currency.valid()) code.refuse("must be an ISO 4217 code of three capital letters: \"USD\"");
  return {.amount = amount, .currency = currency};
}

inline void write_money(JsonWriter& json, const Money& money) {
  json.begin_object().member("amount", money.amount).member("currency", money.currency.code()).end_object();
}

}  // namespace doorbuster::platform
