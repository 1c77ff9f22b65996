// The public record of a draw, line by line, and the check of everything that it says.
//
// docs/formats/draw.md has the lines. A verifier keeps 26 bytes an entry, so that a record of millions can be checked
// while it arrives.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sale/machine/draw/beacon.h"
#include "sale/machine/draw/draw.h"
#include "sale/machine/draw/merkle.h"

namespace doorbuster::sale {

inline constexpr std::string_view kTranscriptTitle = "doorbuster-draw 1";

// What happened to an entry after the draw, as far as it concerns the order.
enum class TranscriptStep : uint8_t { kLate, kOffer, kLeft, kRemoved };
inline constexpr std::array<std::string_view, 4> kTranscriptStepNames = {"late", "offer", "left", "removed"};

struct TranscriptHead {
  std::string sale;
  Digest commitment{};
  Digest secret{};
  std::vector<std::byte> beacon;  // the value; empty: none was used
  std::string beacon_source;      // and which round of what it is said to be: only the beacon itself can tell
  uint64_t beacon_round = 0;
  uint64_t entries = 0;
  Digest root{};
};

// The lines, each with its end.
[[nodiscard]] std::string transcript_head(const TranscriptHead& head);
[[nodiscard]] std::string transcript_entry(uint64_t index, std::string_view entry_id, Bytes nonce);
[[nodiscard]] std::string transcript_step(TranscriptStep step, uint64_t position, std::string_view entry_id,
                                          Timestamp at);
// The last line: how many stand before it.
[[nodiscard]] std::string transcript_end(uint64_t lines);

struct TranscriptSummary {
  TranscriptHead head;
  Digest key{};
  uint64_t late = 0;
  uint64_t offers = 0;
  uint64_t left = 0;
  uint64_t removed = 0;
};

// Give it every line in order, then finish(). The first line that is wrong is the error (kInvalid: "line 7: ..."), and
// the verifier is of no further use.
class TranscriptVerifier {
 public:
  TranscriptVerifier() = default;

  [[nodiscard]] Result<void> line(std::string_view text);
  [[nodiscard]] Result<TranscriptSummary> finish() const;

  // After finish(): where an entry stands, from 1; nothing if it is not in the record. Takes time in proportion to the
  // entries.
  [[nodiscard]] std::optional<uint64_t> position_of(std::string_view entry_id) const;

 private:
  using EntryId = std::array<char, kEntryIdBytes>;
  using Words = std::vector<std::string_view>;
  enum class Part : uint8_t { kHead, kEntries, kHistory, kEnd };

  Result<void> take(const Words& words);
  Result<void> take_head(const Words& words);
  Result<void> take_beacon(const Words& words);
  Result<void> take_entry(const Words& words);
  Result<void> draw();
  Result<void> take_history(const Words& words);
  Result<void> take_late(uint64_t position, std::string_view id);
  Result<void> take_offer(uint64_t position);
  Result<void> check_end(const Words& words);
  [[nodiscard]] Result<void> check_all_ids_differ() const;
  [[nodiscard]] std::string_view entry_at(uint64_t position) const;

  TranscriptSummary summary_;
  uint64_t lines_ = 0;
  Part part_ = Part::kHead;
  std::vector<EntryId> ids_;  // by index; behind them the late ones, by position
  MerkleFrontier tree_;
  std::optional<DrawPermutation> permutation_;
  std::vector<bool> gone_;  // by position: left or removed
  uint64_t next_offer_ = 1;
  Timestamp last_time_;
};

}  // namespace doorbuster::sale
