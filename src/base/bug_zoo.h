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
};

// In the order of the enumerators.
inline constexpr std::array<std::string_view, 4> kBugNames = {
    "acknowledge_before_sync",
    "forgotten_epoch",
    "skip_crc_check",
    "snapshot_not_atomic",
};

#ifdef DOORBUSTER_BUG_ZOO
[[nodiscard]] bool bug_planted(Bug bug);
#else
[[nodiscard]] constexpr bool bug_planted(Bug) { return false; }
#endif

}  // namespace doorbuster
