// What is attached to an entry, a hold and an order for the shop to know them by: its own reference, metadata of its
// choice and, where that is kept, its own id of the customer. Nothing is decided by it.
//
// A reference and metadata may be a guest's words, so whoever shows them treats them as any other untrusted text.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace doorbuster {

inline constexpr size_t kClientReferenceBytesMax = 128;
inline constexpr size_t kMetadataBytesMax = 512;
inline constexpr size_t kCustomerIdBytesMax = 256;

// Of each, empty says that there is none.
struct Annotations {
  std::string client_reference;
  std::string metadata;  // a JSON object of texts, without white space between them
  std::string customer_id;

  [[nodiscard]] bool empty() const { return client_reference.empty() && metadata.empty() && customer_id.empty(); }
  bool operator==(const Annotations&) const = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(client_reference, metadata, customer_id);
  }
};

// Whether each of them is within its bounds.
[[nodiscard]] bool is_bounded(const Annotations& annotations);

// Annotations on the heap, or none: eight bytes where there are none, which is nearly everywhere, and then nothing to
// make, copy or destroy. A value: copied and compared by what it holds.
class AnnotationsBox {
 public:
  AnnotationsBox() = default;
  AnnotationsBox(Annotations annotations)  // NOLINT(google-explicit-constructor): the same, somewhere else
      : kept_(annotations.empty() ? nullptr : std::make_unique<Annotations>(std::move(annotations))) {}
  AnnotationsBox(const AnnotationsBox& other)
      : kept_(other.empty() ? nullptr : std::make_unique<Annotations>(*other.kept_)) {}
  AnnotationsBox(AnnotationsBox&&) noexcept = default;
  AnnotationsBox& operator=(const AnnotationsBox& other) {
    if (this != &other) *this = AnnotationsBox(other);
    return *this;
  }
  AnnotationsBox& operator=(AnnotationsBox&&) noexcept = default;
  ~AnnotationsBox() = default;

  [[nodiscard]] bool empty() const { return kept_ == nullptr; }
  [[nodiscard]] const Annotations& operator*() const;
  const Annotations* operator->() const { return &**this; }
  bool operator==(const AnnotationsBox& other) const { return **this == *other; }

  // As those of the annotations.
  template <class Archive>
  void fields(Archive& archive) {
    if (kept_ == nullptr) kept_ = std::make_unique<Annotations>();
    kept_->fields(archive);
    if (kept_->empty()) kept_ = nullptr;
  }
  template <class Self, class Archive>
  static void saved_fields(Self& self, Archive& archive) {
    if constexpr (Archive::kLoads) {
      Annotations annotations;
      archive(annotations);
      self = AnnotationsBox(std::move(annotations));
    } else {
      archive(*self);
    }
  }

 private:
  std::unique_ptr<Annotations> kept_;
};

namespace detail {
[[nodiscard]] AnnotationsBox merge(const Annotations& first, const Annotations& second);
[[nodiscard]] AnnotationsBox take_away(const Annotations& annotations, const Annotations& known);
}  // namespace detail

// Each of `first`, or, where that has none, of `second`.
[[nodiscard]] inline AnnotationsBox merged(const AnnotationsBox& first, const AnnotationsBox& second) {
  if (first.empty() || second.empty()) return first.empty() ? second : first;
  return detail::merge(*first, *second);
}
// What `annotations` has that `known` has not, or has otherwise.
[[nodiscard]] inline AnnotationsBox beyond(const AnnotationsBox& annotations, const AnnotationsBox& known) {
  if (annotations.empty() || known.empty()) return annotations;
  return detail::take_away(*annotations, *known);
}

}  // namespace doorbuster
