#include "sale/api/payment_name.h"

namespace doorbuster::sale {
namespace {

// "-2": which attempt; nothing if it is none of `first` to the most that there may be.
std::optional<uint8_t> attempt_in(std::string_view suffix, uint8_t first) {
  if (suffix.size() != 2 || suffix[0] != '-') return std::nullopt;
  const int digit = suffix[1] - '0';
  if (digit < first || digit > kMaxPaymentAttempts) return std::nullopt;
  return static_cast<uint8_t>(digit);
}
static_assert(kMaxPaymentAttempts < 10, "an attempt is one digit");

}  // namespace

std::string name_of(const PaymentOf& payment, const auth::IdSealer& ids) {
  const bool is_by_order = payment.named == PaymentName::kByOrder;
  const auto kind = is_by_order ? auth::IdKind::kOrder : auth::IdKind::kPayment;
  const auto id = ids.seal({kind, payment.sale.value(), payment.hold.packed()});
  const std::string name(auth::view(id));
  return is_by_order && payment.attempt == 1 ? name : name + "-" + std::to_string(payment.attempt);
}

std::optional<PaymentOf> payment_named(std::string_view name, const auth::IdSealer& ids) {
  const std::string_view id = name.substr(0, auth::kSealedIdLength);
  const std::string_view suffix = name.substr(id.size());
  const auto payment = [](const auth::SealedId& opened, uint8_t attempt, PaymentName named) {
    return PaymentOf{SaleNumber(opened.sale), HoldNumber::unpacked(opened.number), attempt, named};
  };
  if (const auto order = ids.open(id, auth::IdKind::kOrder)) {
    const auto attempt = suffix.empty() ? std::optional<uint8_t>(1) : attempt_in(suffix, 2);
    return attempt ? std::optional(payment(*order, *attempt, PaymentName::kByOrder)) : std::nullopt;
  }
  const auto own = ids.open(id, auth::IdKind::kPayment);
  const auto attempt = attempt_in(suffix, 1);
  return own && attempt ? std::optional(payment(*own, *attempt, PaymentName::kOfItsOwn)) : std::nullopt;
}

}  // namespace doorbuster::sale
