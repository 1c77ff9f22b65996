// The kinds of events, and who causes them: what every event is made of (events.h).
#pragma once

#include <string>

#include "sale/machine/archive.h"

namespace doorbuster::sale {

enum class EventKind : uint8_t {
  kSaleCreated = 1,
  kSaleChanged = 2,
  kSaleMoved = 3,
  kSaleArchived = 4,
  kAllHeld = 5,
  kAllSold = 6,
  kSaleAnnounced = 7,
  kJoined = 10,
  kOffered = 11,
  kOfferExtended = 12,
  kOfferLapsed = 13,
  kEntryLeft = 14,
  kEntryRemoved = 15,
  kDrawCommitted = 16,
  kEnrolled = 17,
  kDrawn = 18,
  kEntryForgotten = 19,
  kHeld = 20,
  kHoldReleased = 21,
  kHoldExpired = 22,
  kHoldForgotten = 23,
  kPaymentStarted = 30,
  kPaymentSucceeded = 31,
  kPaymentFailed = 32,
  kPaymentLate = 33,
  kRefundDone = 34,
  kBeaconNamed = 40,
  kDrawClosed = 41,
  kBeaconGiven = 42,
};

// Who did it and why. The actor is the id of an operator's key, or empty where the clock or the customer did it.
struct Cause {
  std::string actor;
  std::string reason;
  Idempotency idempotency;
  template <class Archive>
  void fields(Archive& archive) {
    archive(actor, reason, idempotency);
  }
};

}  // namespace doorbuster::sale
