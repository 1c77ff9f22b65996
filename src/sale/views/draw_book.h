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
#include "sale/views/projection.h"

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

class DrawBook final : public SavedProjection<DrawBook> {
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
  void on(const JoinDelayed& event, const EventPlace& place) override;
  void on(const EntryPlaced& event, const EventPlace& place) override;
  void on(const Offered& event, const EventPlace& place) override;
  void on(const EntryLeft& event, const EventPlace& place) override;
  void on(const EntryRemoved& event, const EventPlace& place) override;

  // Null before the draw. It does not change.
  [[nodiscard]] std::shared_ptr<const DrawPermutation> permutation(SaleNumber sale) const;
  // Whether the sale has a draw, and it has not been made yet.
  [[nodiscard]] bool is_ahead(SaleNumber sale) const;

  // Of the entry that came as the `arrival`-th (from 1); nothing if it came after the draw, or is not known yet.
  [[nodiscard]] std::optional<DrawReceipt> receipt(SaleNumber sale, uint32_t arrival) const;

  // From an entry's arrival to its position and back, both from 1; they are the same where nothing is drawn. Nothing
  // before the draw, or for a number that nobody has.
  [[nodiscard]] std::optional<uint32_t> position_of(SaleNumber sale, uint32_t arrival) const;
  [[nodiscard]] std::optional<uint32_t> arrival_at(SaleNumber sale, uint32_t position) const;

  // What everybody may know of the draw.
  void tell(SaleNumber sale, PublicStatus& status) const;
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

  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    archive(self.sales_, self.arrivals_);
  }
  template <class Self>
  static auto& by_sale(Self& self) {
    return self.sales_;
  }

 private:
  struct Step {
    TranscriptStep what{};
    uint32_t arrival = 0;
    Timestamp at;
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      archive(self.what, self.arrival, self.at);
    }
  };
  struct Book {
    TranscriptHead head;
    bool is_closed = false;  // its entries and its root are those that are drawn
    MerkleTree tree;
    std::vector<EntryNumber> entries;        // by arrival, late ones too
    std::map<uint64_t, std::string> nonces;  // by index: few have one
    std::vector<Step> steps;
    std::shared_ptr<const DrawPermutation> permutation;

    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      auto& head = self.head;
      archive(head.sale, head.commitment, head.secret, head.beacon, head.beacon_source, head.beacon_round, head.entries,
              head.root, self.is_closed, self.tree, self.entries, self.nonces, self.steps);
      bool is_drawn = self.permutation != nullptr;
      archive(is_drawn);
      if constexpr (Archive::kLoads) {
        if (!archive.ok() || head.entries > self.entries.size()) return archive.refuse("a draw is not what it was");
        if (is_drawn) draw(self);
      }
    }
  };
  // A sale's id, and its draw if there is one.
  struct Known {
    std::string id;
    std::optional<Book> book;
    template <class Self, class Archive>
    static void saved_fields(Self& self, Archive& archive) {
      bool has_book = self.book.has_value();
      archive(self.id, has_book);
      if constexpr (Archive::kLoads) {
        if (has_book) self.book = Book{};
      }
      if (has_book) archive(*self.book);
    }
  };
  static void draw(Book& book);
  static void close(Book& book, uint32_t entries, const Digest& root);
  void arrive(Book& book, EntryNumber entry);
  void arrive_late(SaleNumber sale, EntryNumber entry, Timestamp at);
  void note(SaleNumber sale, TranscriptStep what, EntryNumber entry, Timestamp at);
  void give_line(const Book& book, Cursor& cursor, std::string& out) const;
  Book& book_of(SaleNumber sale);
  // Null where the sale has no draw.
  Book* find(SaleNumber sale);
  [[nodiscard]] const Book* find(SaleNumber sale) const;

  const EntryNamer namer_;
  std::map<SaleNumber, Known> sales_;
  std::vector<uint32_t> arrivals_;  // by the slot of an entry: as what it came, in its sale; 0: it has no place yet
};

}  // namespace doorbuster::sale
