// Nearest neighbours of vectors by their cosine, where vectors come, change and go one at a time, and each is found as
// soon as it is there.
//
// Few vectors are all looked at. From kExactFloats numbers on they lie in lists around middles (inverted files), each
// as a code of its difference from its list's middle (vector_codes.h): the lists whose middles are nearest are looked
// through by codes, and the best of these by the vectors themselves. Nothing is rebuilt: a list that has become too
// long is halved, and codes are learnt anew whenever there are four times as many vectors, and taken over list by list
// as vectors come. The same changes in the same order give the same index.
//
// Not everything may be found: `accept` says of an item whether it may be, and is asked within the search, so that n
// are found if there are n near enough; how far it looks grows with how many are refused, up to a bound.
//
// Memory: of an item 2 bytes, and of a vector 4, its code (a byte for 4 dimensions, 8 to 64), and an eighth of both as
// room to grow. The vectors themselves lie in a file (vector_rows.h).
//
// One thread at a time, except for near(), which any number may call while nothing changes.
#pragma once

#include <functional>
#include <optional>

#include "recs/models/vector_centres.h"
#include "recs/models/vector_codes.h"
#include "recs/models/vector_rows.h"

namespace doorbuster::recs {

// How far a search goes.
struct VectorSearch {
  size_t lists = 48;           // looked through at least
  size_t vectors = 20'000;     // in them, at least
  size_t compared = 300;       // by the vectors themselves
  size_t accepted = 0;         // so many that may be found are passed, if there are; 0: the more the more there are
  size_t looked_at = 400'000;  // at most
};

class VectorIndex {
 public:
  static constexpr size_t kExactFloats = size_t{1} << 20;
  static constexpr size_t kExactVectorsMin = 8'192;  // are too few to learn codes from
  using Accept = std::function<bool(ItemNumber)>;

  explicit VectorIndex(size_t dimensions, const std::string& folder = {});

  [[nodiscard]] size_t dimensions() const { return rows_.dimensions(); }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] size_t lists() const { return centres_.size(); }
  [[nodiscard]] bool has(ItemNumber item) const { return item < list_of_.size() && list_of_[item] != kNoList; }
  // As it was put; the item has to have one.
  [[nodiscard]] std::span<const float> operator[](ItemNumber item) const { return {rows_[item], rows_.dimensions()}; }
  // Finite numbers, not all of them 0.
  void put(ItemNumber item, std::span<const float> vector);
  void remove(ItemNumber item);

  // The n nearest by cosine, the best first.
  [[nodiscard]] std::vector<ScoredItem> near(std::span<const float> vector, size_t n, const Accept& accept,
                                             const VectorSearch& search = {}) const;
  [[nodiscard]] float cosine(ItemNumber a, ItemNumber b) const;
  [[nodiscard]] size_t memory() const;
  // Of the vectors themselves.
  [[nodiscard]] size_t row_bytes() const { return size_ * rows_.stride() * sizeof(float); }

 private:
  static constexpr ListNumber kNoList = UINT16_MAX;
  struct List {
    std::vector<ItemNumber> items;
    std::vector<uint8_t> codes;
    size_t halved_at = 0;  // not before it has so many: it could not be
    uint8_t version = 0;   // of the codes
  };
  struct Query;

  [[nodiscard]] size_t list_size() const;
  [[nodiscard]] const VectorCodes& codes_of(const List& list) const { return *codes_[list.version & 1]; }
  void unit_of(ItemNumber item, float* into) const;
  void append(ListNumber list, ItemNumber item, const float* unit);
  void halve_list(ListNumber list);
  void halve_long_lists();
  void learn_codes();
  void encode(ListNumber list);
  void take_over_codes();
  [[nodiscard]] std::vector<ScoredItem> near_exactly(const Query& query, size_t n) const;
  [[nodiscard]] std::vector<ScoredItem> candidates_of(const Query& query, const VectorSearch& search) const;
  [[nodiscard]] float cosine_of(const Query& query, ItemNumber item) const;

  VectorRows rows_;
  size_t size_ = 0;
  std::vector<ListNumber> list_of_;  // by item
  VectorCentres centres_;
  std::vector<List> lists_;
  std::optional<VectorCodes> codes_[2];  // by the last bit of their version; none: all vectors are looked at
  uint8_t version_ = 0;                  // of the newest codes
  size_t learnt_at_ = 0;                 // so many vectors there were
  size_t taken_over_ = 0;                // lists before this one have the newest codes
  size_t puts_ = 0;
};

}  // namespace doorbuster::recs
