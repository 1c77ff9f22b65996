#include "base/annotations.h"

namespace doorbuster {

AnnotationsBox detail::merge(const Annotations& first, const Annotations& second) {
  const auto either = [](const std::string& one, const std::string& other) { return one.empty() ? other : one; };
  return Annotations{.client_reference = either(first.client_reference, second.client_reference),
                     .metadata = either(first.metadata, second.metadata),
                     .customer_id = either(first.customer_id, second.customer_id)};
}

AnnotationsBox detail::take_away(const Annotations& annotations, const Annotations& known) {
  const auto news = [](const std::string& one, const std::string& other) { return one == other ? std::string() : one; };
  return Annotations{.client_reference = news(annotations.client_reference, known.client_reference),
                     .metadata = news(annotations.metadata, known.metadata),
                     .customer_id = news(annotations.customer_id, known.customer_id)};
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
