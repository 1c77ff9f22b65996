#include "platform/sandbox/pages.h"

#include <algorithm>
#include <array>

#include "platform/api/plain_page.h"

namespace doorbuster::platform {
namespace {

constexpr std::string_view kStyle =
    "<style>:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem "
    "auto;padding:0 1rem}"
    "button{font:inherit;padding:.6rem 1.2rem;margin:.2rem .4rem .2rem 0;cursor:pointer}"
    "fieldset{margin-top:1.5rem}label{display:block;margin:.5rem 0}input[type=number]{font:inherit;width:8rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem .3rem 0}</style>";

std::string page(std::string_view title, std::string_view main) {
  const std::string name = html_escaped(title);
  return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + name +
         "</title><meta name=\"viewport\" content=\"width=device-width\">" + std::string(kStyle) +
         "</head><body><main><h1>" + name + "</h1>" + std::string(main) + "</main></body></html>\n";
}

std::string number_field(std::string_view name, std::string_view label, int64_t value, int64_t max) {
  return "<label>" + std::string(label) + " <input type=\"number\" name=\"" + std::string(name) +
         "\" min=\"0\" max=\"" + std::to_string(max) + "\" value=\"" + std::to_string(value) + "\"></label>";
}

std::string buttons_and_dials(const SandboxSettings& settings) {
  return "<form method=\"post\"><p><button name=\"action\" value=\"pay\">Pay</button>"
         "<button name=\"action\" value=\"decline\">Decline</button>"
         "<button name=\"action\" value=\"pay-late\">Pay late</button></p>"
         "<fieldset><legend>How the provider tells the shop</legend>" +
         number_field("callback_delay_ms", "Milliseconds until it is told", settings.callback_delay_ms,
                      kSandboxDelayMsMax) +
         number_field("callback_copies", "How many times (0: never, 2: twice)", settings.callback_copies,
                      kSandboxCopiesMax) +
         number_field("late_ms", "&ldquo;Pay late&rdquo; is late by, in milliseconds", settings.late_ms,
                      kSandboxDelayMsMax) +
         "</fieldset></form>";
}

// Digits after the point, ISO 4217: two but for these.
std::string_view state_name(const SandboxPayment& payment, Timestamp now) {
  return kPaymentStateNames[static_cast<size_t>(payment.state_at(now))];
}

}  // namespace

std::string money_for_people(const Money& money) {
  std::string digits = std::to_string(money.amount);
  const size_t minor = money.currency.minor_digits().value_or(0);
  if (minor > 0) {
    if (digits.size() <= minor) digits.insert(0, minor + 1 - digits.size(), '0');
    digits.insert(digits.size() - minor, ".");
  }
  return std::string(money.currency.code()) + " " + digits;
}

std::string pay_page(const SandboxPayment& payment, const SandboxSettings& settings, Timestamp now) {
  const std::string& reference = payment.start.annotations.client_reference;
  std::string main = "<p>" + html_escaped(payment.start.description) + "</p><p><strong>" +
                     money_for_people(payment.start.price) + "</strong>, order " + html_escaped(payment.start.order) +
                     (reference.empty() ? "" : ", which the shop calls " + html_escaped(reference)) +
                     ". This is a sandbox: no money moves.</p>";
  if (payment.decided == PaymentState::kPending) return page("Pay", main + buttons_and_dials(settings));
  main += "<p role=\"status\">This payment has been decided: it is " + std::string(state_name(payment, now)) +
          ".</p><p><a href=\"" + html_escaped(payment.start.return_url) + "\">Back to the shop</a></p>";
  return page("Pay", main);
}

std::string front_page(const std::vector<const SandboxPayment*>& latest, Timestamp now) {
  std::string rows;
  for (const SandboxPayment* payment : latest) {
    rows += "<tr><td><a href=\"/pay/" + html_escaped(payment->id) + "\">" + html_escaped(payment->start.order) +
            "</a></td><td>" + money_for_people(payment->start.price) + "</td><td>" +
            std::string(state_name(*payment, now)) + "</td></tr>";
  }
  std::string main =
      "<p>This stands in for a payment provider. No money moves, and everything is forgotten when it ends.</p>";
  if (rows.empty()) return page("Sandbox payments", main + "<p>No payment has been started yet.</p>");
  main +=
      "<table><caption>The latest payments</caption><thead><tr><th scope=\"col\">Order</th><th "
      "scope=\"col\">Amount</th>"
      "<th scope=\"col\">State</th></tr></thead><tbody>" +
      rows + "</tbody></table>";
  return page("Sandbox payments", main);
}

std::string message_page(std::string_view title, std::string_view text) {
  return page(title, "<p>" + html_escaped(text) + "</p>");
}

}  // namespace doorbuster::platform
