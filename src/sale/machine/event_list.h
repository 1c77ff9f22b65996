// The list of events, once: each with its name and the number that stands for it in the log.
//
// Whatever needs something for every event makes it from this list: the numbers and names (event_kinds.h), the decoder
// (events_inl.h), State::apply, and who listens. A new event is a struct in events.h, draw_events.h or
// payment_events.h, and a line here; numbers are for ever (docs/formats/sale-events.md). Below 128: the eighth bit says
// that a length follows.
#pragma once

#define DOORBUSTER_SALE_EVENTS(EVENT) \
  EVENT(SaleCreated, 1)               \
  EVENT(SaleChanged, 2)               \
  EVENT(SaleMoved, 3)                 \
  EVENT(SaleArchived, 4)              \
  EVENT(AllHeld, 5)                   \
  EVENT(AllSold, 6)                   \
  EVENT(SaleAnnounced, 7)             \
  EVENT(RecordsForgotten, 8)          \
  EVENT(Joined, 10)                   \
  EVENT(Offered, 11)                  \
  EVENT(OfferExtended, 12)            \
  EVENT(OfferLapsed, 13)              \
  EVENT(EntryLeft, 14)                \
  EVENT(EntryRemoved, 15)             \
  EVENT(DrawCommitted, 16)            \
  EVENT(Enrolled, 17)                 \
  EVENT(Drawn, 18)                    \
  EVENT(EntryForgotten, 19)           \
  EVENT(Held, 20)                     \
  EVENT(HoldReleased, 21)             \
  EVENT(HoldExpired, 22)              \
  EVENT(HoldForgotten, 23)            \
  EVENT(JoinDelayed, 24)              \
  EVENT(EntryPlaced, 25)              \
  EVENT(PaymentStarted, 30)           \
  EVENT(PaymentSucceeded, 31)         \
  EVENT(PaymentFailed, 32)            \
  EVENT(PaymentLate, 33)              \
  EVENT(RefundDone, 34)               \
  EVENT(MoneyUnexpected, 35)          \
  EVENT(MoneyReturned, 36)            \
  EVENT(BeaconNamed, 40)              \
  EVENT(DrawClosed, 41)               \
  EVENT(BeaconGiven, 42)
