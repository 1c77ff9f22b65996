// What happens to money: payments that are started and settled, and what has to go back. Rules are those of events.h.
#pragma once

#include <string>

#include "sale/machine/event_kinds.h"

namespace doorbuster::sale {

struct PaymentStarted {
  static constexpr auto kKind = EventKind::kPaymentStarted;
  SaleNumber sale;
  HoldNumber hold;
  CustomerHash customer;
  uint8_t attempt = 0;  // 1 is the first
  Idempotency idempotency;
  PaymentName named = PaymentName::kOfItsOwn;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, customer, attempt, idempotency);
    archive.tail(named, annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold}; }
};

struct PaymentSucceeded {
  static constexpr auto kKind = EventKind::kPaymentSucceeded;
  SaleNumber sale;
  HoldNumber hold;
  uint8_t attempt = 0;
  std::string reference;  // the provider's
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, attempt, reference);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold}; }
};

struct PaymentFailed {
  static constexpr auto kKind = EventKind::kPaymentFailed;
  SaleNumber sale;
  HoldNumber hold;
  uint8_t attempt = 0;
  std::string reference;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, attempt, reference);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold}; }
};

// Money came for a hold that was resolved without it: a refund is due.
struct PaymentLate {
  static constexpr auto kKind = EventKind::kPaymentLate;
  SaleNumber sale;
  HoldNumber hold;
  uint8_t attempt = 0;
  std::string reference;
  PaymentName named = PaymentName::kOfItsOwn;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, attempt, reference);
    archive.tail(named, annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold}; }
};

struct RefundDone {
  static constexpr auto kKind = EventKind::kRefundDone;
  SaleNumber sale;
  HoldNumber hold;
  uint8_t attempt = 0;
  std::string reference;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, attempt, reference);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold}; }
};

// Money came that buys nothing, whatever became of its hold, which may be forgotten, and its sale archived: all of it
// has to go back.
struct MoneyUnexpected {
  static constexpr auto kKind = EventKind::kMoneyUnexpected;
  SaleNumber sale;
  HoldNumber hold;
  uint8_t attempt = 0;
  MoneyReason reason{};
  Money paid;
  std::string reference;  // the provider's
  PaymentName named = PaymentName::kOfItsOwn;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, attempt, reason, paid, reference);
    archive.tail(named, annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

struct MoneyReturned {
  static constexpr auto kKind = EventKind::kMoneyReturned;
  SaleNumber sale;
  HoldNumber hold;
  uint8_t attempt = 0;
  uint64_t payment = 0;   // payment_identity() of the reference with which it came
  std::string reference;  // the provider's
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, attempt, payment, reference);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

}  // namespace doorbuster::sale
