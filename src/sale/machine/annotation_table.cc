#include "sale/machine/annotation_table.h"

#include <cstring>

namespace doorbuster::sale {
namespace {

using Lengths = std::array<uint16_t, 3>;  // of client_reference, metadata and customer_id

}  // namespace

void AnnotationTable::set(uint32_t slot, const Annotations& annotations) {
  if (annotations.empty()) return;
  const uint32_t segment = slot / kSegmentRecords;
  if (segments_.size() <= segment) segments_.resize(segment + size_t{1});
  if (segments_[segment] == nullptr) segments_[segment] = std::make_unique<Segment>();
  Packed& packed = segments_[segment]->packed[slot % kSegmentRecords];
  ASSERT(packed.text == nullptr && is_bounded(annotations));
  packed = pack(annotations);
  ++segments_[segment]->count;
}

void AnnotationTable::erase(uint32_t slot) {
  if (find(slot) == nullptr) return;
  const uint32_t segment = slot / kSegmentRecords;
  Packed& packed = segments_[segment]->packed[slot % kSegmentRecords];
  packed.text.reset();
  if (--segments_[segment]->count == 0) segments_[segment].reset();
}

uint64_t AnnotationTable::bytes_at(uint32_t slot) const {
  const Packed* packed = find(slot);
  if (packed == nullptr) return 0;
  Lengths lengths{};
  std::memcpy(lengths.data(), packed->text.get(), sizeof lengths);
  return kBytesOfEach + lengths[0] + lengths[1] + lengths[2];
}

AnnotationTable::Packed AnnotationTable::pack(const Annotations& annotations) {
  const std::array<const std::string*, 3> texts = {&annotations.client_reference, &annotations.metadata,
                                                   &annotations.customer_id};
  Lengths lengths{};
  size_t size = sizeof lengths;
  for (size_t i = 0; i < texts.size(); ++i) {
    lengths[i] = static_cast<uint16_t>(texts[i]->size());
    size += texts[i]->size();
  }
  Packed packed{std::make_unique_for_overwrite<char[]>(size)};
  std::memcpy(packed.text.get(), lengths.data(), sizeof lengths);
  char* at = packed.text.get() + sizeof lengths;
  for (const std::string* text : texts) at += text->copy(at, text->size());
  return packed;
}

Annotations AnnotationTable::unpack(const Packed& packed) {
  Lengths lengths{};
  std::memcpy(lengths.data(), packed.text.get(), sizeof lengths);
  const char* at = packed.text.get() + sizeof lengths;
  Annotations annotations;
  annotations.client_reference.assign(at, lengths[0]);
  annotations.metadata.assign(at + lengths[0], lengths[1]);
  annotations.customer_id.assign(at + lengths[0] + lengths[1], lengths[2]);
  return annotations;
}

}  // namespace doorbuster::sale
