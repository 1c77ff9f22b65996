// What is attached to the records of a table, by their slots: of those that have nothing it costs a null pointer at
// most, and nothing where no record near them has any.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/annotations.h"
#include "sale/machine/table.h"

namespace doorbuster::sale {

class AnnotationTable {
 public:
  // Of memory, with what an allocator needs for itself.
  [[nodiscard]] static uint64_t bytes_of(const Annotations& annotations) {
    return annotations.empty() ? 0
                               : kBytesOfEach + annotations.client_reference.size() + annotations.metadata.size() +
                                     annotations.customer_id.size();
  }

  // Empty where there are none.
  [[nodiscard]] AnnotationsBox at(uint32_t slot) const {
    const Packed* packed = find(slot);
    return packed == nullptr ? AnnotationsBox() : AnnotationsBox(unpack(*packed));
  }
  // Of a slot that has none. Empty: nothing happens.
  void set(uint32_t slot, const Annotations& annotations);
  void erase(uint32_t slot);

  // Of what is attached to the slot.
  [[nodiscard]] uint64_t bytes_at(uint32_t slot) const;
  [[nodiscard]] uint32_t count(uint32_t segment) const {
    return segment < segments_.size() && segments_[segment] != nullptr ? segments_[segment]->count : 0;
  }
  // Calls visit(slot, annotations) for each in a segment of the table, in the order of their slots.
  template <class Visit>
  void for_each(uint32_t segment, Visit&& visit) const {
    if (count(segment) == 0) return;
    for (uint32_t i = 0; i < kSegmentRecords; ++i) {
      if (segments_[segment]->packed[i].text != nullptr)
        visit(segment * kSegmentRecords + i, unpack(segments_[segment]->packed[i]));
    }
  }

 private:
  static constexpr uint64_t kBytesOfEach = 48;

  // The lengths of the three texts (two bytes each), and then the texts.
  struct Packed {
    std::unique_ptr<char[]> text;
  };
  struct Segment {
    uint32_t count = 0;
    std::array<Packed, kSegmentRecords> packed;
  };

  [[nodiscard]] const Packed* find(uint32_t slot) const {
    const uint32_t segment = slot / kSegmentRecords;
    if (count(segment) == 0) return nullptr;
    const Packed& packed = segments_[segment]->packed[slot % kSegmentRecords];
    return packed.text == nullptr ? nullptr : &packed;
  }
  [[nodiscard]] static Packed pack(const Annotations& annotations);
  [[nodiscard]] static Annotations unpack(const Packed& packed);

  std::vector<std::unique_ptr<Segment>> segments_;  // null: nobody there has any
};

}  // namespace doorbuster::sale
