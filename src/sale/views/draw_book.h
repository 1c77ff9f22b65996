// What can be shown of each sale's draw: the leaves with what they are made of, proofs, and what happened to the
// entries.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/sealed_id.h"
#include "sale/machine/draw/transcript.h"
#include "sale/machine/state.h"
#include "sale/views/follower.h"

namespace doorbuster::sale {

// The id of an entry as the public knows it; of these its leaf is made.
[[nodiscard]] EntryNamer sealed_entry_name(auth::IdSealer ids);

struct DrawReceipt {
  uint64_t index = 0;
  std::string nonce;
  Digest leaf{};
  Digest commitment{};  // that the customer was bound to by joining
  // Once it is closed:
  uint64_t entries = 0;
  Digest root{};
  std::vector<Digest> proof;
};

class DrawBook final : public Projection {
 public:
  explicit DrawBook(EntryNamer namer) : namer_(std::move(namer)) {}

  using Projection::on;
  void on(const SaleCreated& event, const EventPlace& place) override;
  void on(const DrawCommitted& event, const EventPlace& place) override;
  void on(const Enrolled& event, const EventPlace& place) override;
  void on(const BeaconNamed& event, const EventPlace& place) override;
  void on(const DrawClosed& event, const EventPlace& place) override;
  void on(const BeaconGiven& event, const EventPlace& place) override;
  void on(const Drawn& event, const EventPlace& place) override;
  void on(const Joined& event, const EventPlace& place) override;
  void on(const Offered& event, const EventPlace& place) override;
  void on(const EntryLeft& event, const EventPlace& place) override;
  void on(const EntryRemoved& event, const EventPlace& place) override;

  // Null before the draw. It stays where and what it is.
  [[nodiscard]] const DrawPermutation* permutation(SaleNumber sale) const;

  // Of the entry that came as the `arrival`-th (from 1); nothing if it came after the draw, or is not known yet.
  [[nodiscard]] std::optional<DrawReceipt> receipt(SaleNumber sale, uint32_t arrival) const;

  // From an entry's arrival to its position and back, both from 1; they are the same where nothing is drawn. Nothing
  // before the draw, or for a number that nobody has.
  [[nodiscard]] std::optional<uint32_t> position_of(SaleNumber sale, uint32_t arrival) const;
  [[nodiscard]] std::optional<uint32_t> arrival_at(SaleNumber sale, uint32_t position) const;

  // The transcript, a piece at a time. Nothing before the draw.
  struct Cursor {
    SaleNumber sale;
    uint64_t lines = 0;  // given so far
    uint64_t steps = 0;  // the history that was known at the beginning, which is where this record ends
    bool ended = false;
  };
  [[nodiscard]] std::optional<Cursor> begin(SaleNumber sale) const;
  // Adds lines until about `bytes` are there, or the end.
  void give(Cursor& cursor, size_t bytes, std::string& out) const;

 private:
  struct Step {
    TranscriptStep what;
    uint32_t arrival;
    Timestamp at;
  };
  struct Book {
    TranscriptHead head;
    bool is_closed = false;  // its entries and its root are those that are drawn
    MerkleTree tree;
    std::vector<EntryNumber> entries;        // by arrival, late ones too
    std::map<uint64_t, std::string> nonces;  // by index: few have one
    std::vector<Step> steps;
    std::optional<DrawPermutation> permutation;
  };
  static void close(Book& book, uint32_t entries, const Digest& root);
  void arrive(Book& book, EntryNumber entry);
  void note(SaleNumber sale, TranscriptStep what, EntryNumber entry, Timestamp at);
  void give_line(const Book& book, Cursor& cursor, std::string& out) const;
  [[nodiscard]] const Book* find(SaleNumber sale) const;

  const EntryNamer namer_;
  std::map<SaleNumber, std::string> ids_;
  std::map<SaleNumber, Book> books_;
  std::vector<uint32_t> arrivals_;  // by the slot of an entry: as what it came, in its sale
};

}  // namespace doorbuster::sale
