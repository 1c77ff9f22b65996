// What clients do from their arrival until they have gone, by what they are.
#pragma once

#include "stampede/shopper.h"

namespace doorbuster::stampede {

// People come early, read, join, ask as often as they are told to, hesitate, pay or do not, close the tab and return.
[[nodiscard]] Task<> be_a_person(Shopper& who);
// Bots want as many units as they can get: a new session when the last one has come to its end, nothing read, nothing
// waited for that is not told, no unit left unpaid.
[[nodiscard]] Task<> be_a_bot(Shopper& who);
// Hoarders keep units from others: they let a hold live as long as it may, and take the next one the moment it ends.
[[nodiscard]] Task<> be_a_hoarder(Shopper& who);
// Thieves try to gain a unit by what belongs to people whose tokens leak.
[[nodiscard]] Task<> be_a_thief(Shopper& who);

// From the arrival to the end, as what the client is.
[[nodiscard]] Task<> live(Shopper& who);

// Waits in line until it is the client's turn. Whether it came.
[[nodiscard]] Task<bool> wait_for_turn(Shopper& who, struct Entry& entry);

}  // namespace doorbuster::stampede
