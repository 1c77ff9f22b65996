// The bug zoo: known bugs that can be planted on purpose, to learn which test catches each.
//
// Only a build with DOORBUSTER_BUG_ZOO=ON contains them; in every other build bug_planted() is false at compile time
// and the bug's code vanishes. In such a build the environment variable DOORBUSTER_BUG=name plants one bug in the
// process; an unknown name ends the process with the list of names, so that a typo is never mistaken for a bug that no
// test caught.
#pragma once

#include <array>
#include <string_view>

namespace doorbuster {

enum class Bug {
  kAcknowledgeBeforeSync,  // log: an append says kDurable while the batch is still in the operating system's memory
  kForgottenEpoch,         // log: an append does not look whether its lease is still the newest
  kSkipCrcCheck,           // log: a stored batch is believed without its checksum
  kSnapshotNotAtomic,      // log: a new snapshot is written over the old one
  kReplyBeforeDurable,     // cell: answers leave as soon as they are decided
  kPublishBeforeDurable,   // cell: numbers are shown as soon as they are decided
  kUnknownIsDurable,       // cell: an append of which the store can't say whether it happened counts as durable
  kClockGoesBack,          // cell: decisions are made at the wall clock's time, also when it is set back
  kReplaySkipsLastBatch,   // cell: a replay ends one batch too early
  kSnapshotOfLaterState,   // cell: a snapshot holds what was decided on top of its batch, too
  kResumeByTailAlone,      // cell: an opened log that is as long as expected is believed to end with our batch
  kOutcomeOfAnother,       // cell: of batches that are made durable together each cell hears what became of the first
  kTimersOfOneCell,        // cell: the timekeeper sleeps until the first cell is due, whatever the others wait for
  kReleaseBeforeDurable,   // cell: a cell is handed over while a batch is in flight
  kViewsTakenForOlder,     // follower: saved views are taken to be one batch older than they are
  kViewsOfAnotherLog,      // follower: saved views are believed without a look at which log they are of
  kViewsReplacedInSteps,   // follower: the old state of views is gone before the new one is whole
  kRefundForgotten,        // payment outbox: refunds that are due from before a restart are not taken up again
  kBegunWhenOver,          // payment outbox: a payment is begun at the provider for a hold that is over by then
  kReplacedUnsynced,       // file: what takes another file's place is renamed before it is durable
  kPositionOfWhatWasRead,  // webhooks: the position that is saved says how far was read, not how far was delivered
  kStreamEndsUntold,       // stream: that of an entry ends without a word of how the entry ended
  kStreamOfWhatIsOver,     // stream: that of an entry that is over begins again, in place of 204
  kGuestUnsigned,          // guest: a cookie is believed without its signature
  kLogOutForgotten,        // session: who has logged out goes on with the same cookie
  kKeysOfAnotherLog,       // keys: a log's word for which master key it was written under is not looked at
  kSaleByHashAlone,        // cells: a sale to be created is not looked for where it may have been created before

  kOversellByOne,                    // machine: a unit is held though none is left
  kExpiryBeatsPayment,               // machine: a payment in flight has no grace
  kPerCustomerForgottenAfterExpiry,  // machine: a hold that expired hides the customer's older ones from the limit
  kOfferOutOfOrder,                  // machine: the last in line is offered the unit
  kDoubleReleaseFreesTwoUnits,       // machine: a hold may be released again
  kIdempotencyIgnored,               // machine: a repeated reservation is a new one
  kLatePaymentResells,               // machine: money that comes too late buys the unit all the same
  kAmountNotLookedAt,                // machine: a payment of another amount than was asked for buys the unit
  kSecondPaymentForgotten,           // machine: money for what is paid already is taken and never sent back
  kForgottenHoldsMoney,              // machine: money for a hold that is forgotten is taken for nobody's
  kStaleTermsChanged,                // machine: a sale is changed whatever was read of it before
  kClaimGivesPlaceBack,              // machine: an offer that was claimed, too, gives its place in the outflow back

  kOffersAgainstTheDraw,     // machine: units are offered in the order of the draw's inverse, not in that of the places
  kListOpenUntilBeacon,      // machine: who comes while a draw waits for its beacon's value still takes part
  kEarlyLeaversForgotten,    // machine: a state from a snapshot does not know who left before the draw
  kBeaconLeftOutOfTheDraw,   // machine: the beacon's value is taken, and is not in the draw's key
  kBeaconLostByTheSnapshot,  // machine: a state from a snapshot has places without the beacon's value
  kListClosedTooLate,        // machine: a sale opens although its beacon's value may be known by now
  kSecondValueDrawsAgain,    // machine: a draw takes another value once it has one
  kLeafOfAnotherIndex,       // machine: a leaf of the draw's tree has the index of the next one
  kCopyOnWriteSkipped,       // machine: what changes while a snapshot is being written is in it as it became

  kDelayedTakesPart,  // machine: who is delayed takes part in the draw, or is placed at once

  kAnnotationsOutliveTheirHold,  // machine: what was attached to a hold that is forgotten is the slot's next hold's
  kGuestsTakeTheReserve,         // machine: guests may fill what is kept for customers with a token
  kSaleTakesAll,                 // machine: one sale may fill a table, and leave nothing to the others
  kForgetsAHoldWithMoney,        // machine: of what came to nothing a hold is forgotten that a payment was begun for
};

// In the order of the enumerators.
inline constexpr std::array<std::string_view, 53> kBugNames = {
    "acknowledge_before_sync",
    "forgotten_epoch",
    "skip_crc_check",
    "snapshot_not_atomic",
    "reply_before_durable",
    "publish_before_durable",
    "unknown_treated_as_durable",
    "expiry_uses_wall_clock_going_back",
    "replay_skips_last_batch",
    "snapshot_of_later_state",
    "resume_by_tail_alone",
    "outcome_of_another_cell",
    "timers_of_one_cell",
    "release_before_durable",
    "views_taken_for_older",
    "views_of_another_log",
    "views_replaced_in_steps",
    "refund_forgotten_on_restart",
    "begun_when_over",
    "replaced_unsynced",
    "position_of_what_was_read",
    "stream_ends_untold",
    "stream_of_what_is_over",
    "guest_unsigned",
    "log_out_forgotten",
    "keys_of_another_log",
    "sale_by_hash_alone",
    "oversell_by_one",
    "expiry_beats_payment",
    "per_customer_forgotten_after_expiry",
    "offer_out_of_order",
    "double_release_frees_two_units",
    "idempotency_ignored",
    "late_payment_resells",
    "amount_not_looked_at",
    "second_payment_forgotten",
    "forgotten_holds_money",
    "stale_terms_changed",
    "claim_gives_place_back",
    "offers_against_the_draw",
    "list_open_until_beacon",
    "early_leavers_forgotten",
    "beacon_left_out_of_the_draw",
    "beacon_lost_by_the_snapshot",
    "list_closed_too_late",
    "second_value_draws_again",
    "leaf_of_another_index",
    "copy_on_write_skipped",
    "delayed_takes_part",
    "annotations_outlive_their_hold",
    "guests_take_the_reserve",
    "sale_takes_all",
    "forgets_a_hold_with_money",
};

#ifdef DOORBUSTER_BUG_ZOO
[[nodiscard]] bool bug_planted(Bug bug);
#else
[[nodiscard]] constexpr bool bug_planted(Bug) { return false; }
#endif

}  // namespace doorbuster
