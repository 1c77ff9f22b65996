// The sandbox's pages: plain HTML without scripts, for a mouse, a keyboard or a screen reader.
#pragma once

#include <string>
#include <vector>

#include "platform/sandbox/book.h"

namespace doorbuster::platform {

// Where a person pays: the order, the amount, three buttons, and the dials.
[[nodiscard]] std::string pay_page(const SandboxPayment& payment, const SandboxSettings& settings, Timestamp now);

// What the sandbox is, and its latest payments.
[[nodiscard]] std::string front_page(const std::vector<const SandboxPayment*>& latest, Timestamp now);

[[nodiscard]] std::string message_page(std::string_view title, std::string_view text);

// "USD 499.00": for people. Currencies without minor units, or with three, are shown as ISO 4217 has them.
[[nodiscard]] std::string money_for_people(const Money& money);

}  // namespace doorbuster::platform
