#include "base/annotations.h"

namespace doorbuster {

Annotations merged(Annotations first, const Annotations& second) {
  if (first.client_reference.empty()) first.client_reference = second.client_reference;
  if (first.metadata.empty()) first.metadata = second.metadata;
  if (first.customer_id.empty()) first.customer_id = second.customer_id;
  return first;
}

Annotations beyond(Annotations annotations, const Annotations& known) {
  if (annotations.client_reference == known.client_reference) annotations.client_reference.clear();
  if (annotations.metadata == known.metadata) annotations.metadata.clear();
  if (annotations.customer_id == known.customer_id) annotations.customer_id.clear();
  return annotations;
}

bool is_bounded(const Annotations& annotations) {
  return annotations.client_reference.size() <= kClientReferenceBytesMax &&
         annotations.metadata.size() <= kMetadataBytesMax && annotations.customer_id.size() <= kCustomerIdBytesMax;
}

const Annotations& AnnotationsBox::operator*() const {
  static const Annotations kNone;
  return kept_ == nullptr ? kNone : *kept_;
}

}  // namespace doorbuster
