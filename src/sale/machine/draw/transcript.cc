#include "sale/machine/draw/transcript.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"

namespace doorbuster::sale {
namespace {

constexpr std::array<std::string_view, 7> kHeadWords = {"doorbuster-draw", "sale",    "commitment", "secret",
                                                        "beacon",          "entries", "root"};

tl::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::kInvalid, std::move(what)); }

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const size_t space = text.find(' ');
    words.push_back(text.substr(0, space));
    if (space == std::string_view::npos) return words;
    text.remove_prefix(space + 1);
  }
}

Result<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool canonical = text.size() == 1 || !text.starts_with('0');
  if (error == std::errc() && end == text.data() + text.size() && canonical) return value;
  return wrong("'" + std::string(text) + "' is not a number");
}

Result<Digest> digest(std::string_view text) {
  Digest value;
  if (from_hex(text, value)) return value;
  return wrong("'" + std::string(text) + "' is not 32 bytes of hexadecimal");
}

// "-" for none.
Result<std::vector<std::byte>> some_bytes(std::string_view text, size_t max) {
  std::vector<std::byte> bytes(text == "-" ? 0 : text.size() / 2);
  const bool good = text == "-" || (!bytes.empty() && bytes.size() <= max && from_hex(text, bytes));
  if (good) return bytes;
  return wrong("'" + std::string(text) + "' is neither '-' nor 1 to " + std::to_string(max) + " bytes of hexadecimal");
}

std::string hex_or_dash(Bytes bytes) { return bytes.empty() ? "-" : to_hex(bytes); }

std::string beacon_words(const TranscriptHead& head) {
  if (head.beacon.empty()) return "-";
  return to_hex(head.beacon) + " " + head.beacon_source + " " + std::to_string(head.beacon_round);
}

}  // namespace

std::string transcript_head(const TranscriptHead& head) {
  return std::string(kTranscriptTitle) + "\nsale " + head.sale + "\ncommitment " + to_hex(head.commitment) +
         "\nsecret " + to_hex(head.secret) + "\nbeacon " + beacon_words(head) + "\nentries " +
         std::to_string(head.entries) + "\nroot " + to_hex(head.root) + "\n";
}

std::string transcript_entry(uint64_t index, std::string_view entry_id, Bytes nonce) {
  return "entry " + std::to_string(index) + " " + std::string(entry_id) + " " + hex_or_dash(nonce) + "\n";
}

std::string transcript_step(TranscriptStep step, uint64_t position, std::string_view entry_id, Timestamp at) {
  return std::string(kTranscriptStepNames[static_cast<size_t>(step)]) + " " + std::to_string(position) + " " +
         std::string(entry_id) + " " + format_rfc3339(at) + "\n";
}

std::string transcript_end(uint64_t lines) { return "end " + std::to_string(lines) + "\n"; }

Result<void> TranscriptVerifier::line(std::string_view text) {
  const auto taken = take(split(text));
  ++lines_;
  if (taken) return {};
  return wrong("line " + std::to_string(lines_) + ": " + taken.error().message);
}

Result<void> TranscriptVerifier::take(const Words& words) {
  if (part_ == Part::kHead) return take_head(words);
  if (part_ == Part::kEntries) return take_entry(words);
  if (part_ == Part::kEnd) return wrong("something stands behind the end");
  return words[0] == "end" ? check_end(words) : take_history(words);
}

Result<void> TranscriptVerifier::take_head(const Words& words) {
  const std::string_view expected = kHeadWords[lines_];
  if (expected == "beacon") return take_beacon(words);
  if (words.size() != 2 || words[0] != expected)
    return wrong("'" + std::string(expected) + "' and one word belong here");
  TranscriptHead& head = summary_.head;
  const std::string_view value = words[1];
  switch (lines_) {
    case 0:
      if (value != "1") return wrong("this is version " + std::string(value) + "; only version 1 is known here");
      break;
    case 1:
      head.sale = value;
      break;
    case 2:
      head.commitment = TRY(digest(value));
      break;
    case 3:
      head.secret = TRY(digest(value));
      if (draw_commitment(head.secret) != head.commitment)
        return wrong("the secret is not the one that was committed to: its SHA-256 is " +
                     to_hex(draw_commitment(head.secret)));
      break;
    case 5:
      head.entries = TRY(number(value));
      if (head.entries > kDrawEntriesMax) return wrong("a draw has at most 2^32 entries");
      break;
    default:
      head.root = TRY(digest(value));
      part_ = Part::kEntries;
      if (head.entries == 0) return draw();
  }
  return {};
}

Result<void> TranscriptVerifier::take_beacon(const Words& words) {
  if (words == Words{"beacon", "-"}) return {};
  if (words.size() != 4 || words[0] != "beacon") return wrong("'beacon -' or 'beacon VALUE SOURCE ROUND' belongs here");
  TranscriptHead& head = summary_.head;
  head.beacon = TRY(some_bytes(words[1], kDrawBeaconBytesMax));
  if (head.beacon.empty()) return wrong("a beacon's round has a value of 1 to 64 bytes");
  if (!is_beacon_source(words[2])) return wrong("a beacon's source is 1 to 64 of a-z, 0-9, '.' and '-'");
  head.beacon_source = words[2];
  head.beacon_round = TRY(number(words[3]));
  if (head.beacon_round == 0) return wrong("a beacon's rounds count from 1");
  return {};
}

Result<void> TranscriptVerifier::take_entry(const Words& words) {
  const std::string index = std::to_string(ids_.size());
  if (words.size() != 4 || words[0] != "entry" || words[1] != index)
    return wrong("'entry " + index + " ID NONCE' belongs here");
  if (words[2].size() != kEntryIdBytes) return wrong("an entry's id has 26 characters");
  const auto nonce = TRY(some_bytes(words[3], kDrawNonceBytesMax));
  tree_.add(draw_leaf(ids_.size(), words[2], nonce));
  std::ranges::copy(words[2], ids_.emplace_back().begin());
  return ids_.size() == summary_.head.entries ? draw() : Result<void>();
}

// The entries are complete: their root must be the one that was published.
Result<void> TranscriptVerifier::draw() {
  const TranscriptHead& head = summary_.head;
  if (tree_.root() != head.root)
    return wrong("these " + std::to_string(head.entries) + " entries have the root " + to_hex(tree_.root()) +
                 ", not the one above: an entry was added, removed, moved or changed");
  TRY(check_all_ids_differ());
  summary_.key = draw_key(head.secret, head.root, head.entries, head.beacon);
  permutation_.emplace(summary_.key, head.entries);
  gone_.resize(head.entries);
  part_ = Part::kHistory;
  return {};
}

Result<void> TranscriptVerifier::check_all_ids_differ() const {
  std::vector<EntryId> sorted = ids_;
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice == sorted.end()) return {};
  return wrong("entry " + std::string(twice->data(), twice->size()) + " is there twice");
}

std::string_view TranscriptVerifier::entry_at(uint64_t position) const {
  const uint64_t drawn = permutation_->count();
  const EntryId& id = ids_[position <= drawn ? permutation_->index_at(position - 1) : position - 1];
  return {id.data(), id.size()};
}

Result<void> TranscriptVerifier::take_history(const Words& words) {
  const auto name = std::ranges::find(kTranscriptStepNames, words[0]);
  if (name == kTranscriptStepNames.end() || words.size() != 4)
    return wrong("'late', 'offer', 'left' or 'removed' with POSITION ID TIME belongs here, or 'end LINES'");
  const auto step = static_cast<TranscriptStep>(name - kTranscriptStepNames.begin());
  const uint64_t position = TRY(number(words[1]));
  const Timestamp at = TRY(parse_rfc3339(words[3]));
  if (at < last_time_) return wrong("this happened before what stands above it");
  last_time_ = at;
  if (step == TranscriptStep::kLate) return take_late(position, words[2]);

  if (position == 0 || position > ids_.size()) return wrong("nobody stands at position " + std::string(words[1]));
  if (entry_at(position) != words[2])
    return wrong("position " + std::string(words[1]) + " is that of entry " + std::string(entry_at(position)));
  if (step == TranscriptStep::kOffer) return take_offer(position);
  gone_[position - 1] = true;
  ++(step == TranscriptStep::kLeft ? summary_.left : summary_.removed);
  return {};
}

Result<void> TranscriptVerifier::take_late(uint64_t position, std::string_view id) {
  if (position != ids_.size() + 1)
    return wrong("who comes late stands behind all others, at " + std::to_string(ids_.size() + 1));
  if (id.size() != kEntryIdBytes) return wrong("an entry's id has 26 characters");
  std::ranges::copy(id, ids_.emplace_back().begin());
  gone_.push_back(false);
  ++summary_.late;
  return {};
}

// In the order of positions, past nobody but those who have gone.
Result<void> TranscriptVerifier::take_offer(uint64_t position) {
  if (position < next_offer_)
    return wrong("an offer out of order: position " + std::to_string(next_offer_) + " was reached");
  if (gone_[position - 1]) return wrong("an offer to an entry that had gone");
  for (uint64_t passed = next_offer_; passed < position; ++passed) {
    if (!gone_[passed - 1])
      return wrong("an offer out of order: position " + std::to_string(passed) + " was passed over");
  }
  next_offer_ = position + 1;
  ++summary_.offers;
  return {};
}

Result<void> TranscriptVerifier::check_end(const Words& words) {
  if (words.size() != 2 || TRY(number(words[1])) != lines_)
    return wrong(std::to_string(lines_) + " lines stand before this one: some are missing or too many");
  part_ = Part::kEnd;
  return check_all_ids_differ();  // late ones may have come twice, too
}

Result<TranscriptSummary> TranscriptVerifier::finish() const {
  if (part_ == Part::kEnd) return summary_;
  return wrong("the record ends after line " + std::to_string(lines_) + ", before its last line ('end LINES')");
}

std::optional<uint64_t> TranscriptVerifier::position_of(std::string_view entry_id) const {
  const auto found =
      std::ranges::find_if(ids_, [&](const EntryId& id) { return std::string_view(id.data(), id.size()) == entry_id; });
  if (found == ids_.end()) return std::nullopt;
  const auto index = static_cast<uint64_t>(found - ids_.begin());
  return 1 + (index < permutation_->count() ? permutation_->position_of(index) : index);
}

}  // namespace doorbuster::sale
