// Strict reading of JSON (RFC 8259) by people who will be told precisely what to change.
//
// A JsonDocument holds one parsed text; JsonObject, JsonArray and JsonValue are views into it that read members as what
// the caller needs. Nothing is returned as an error on the way: a wrong or missing value yields the fallback, the
// document remembers the first such problem, and finish() reports it together with every member that nobody asked for:
//
//   JsonDocument document(body);
//   const JsonObject root = document.root();
//   const int64_t units = root.required("units").integer({.min = 1, .max = 10'000'000, .needs = "a sale needs 1 to
//   10,000,000 units"}); const std::string_view title = root.required("title").string({.min_bytes = 1, .max_bytes =
//   200}); const int64_t hold = root.optional("hold_seconds").integer({.min = 10, .max = 3600}, 300);
//   TRY(document.finish());          // "/units: 0 is too small: a sale needs 1 to 10,000,000 units"
//
// Refused as a whole: text that is not JSON or not UTF-8, a member that appears twice in one object, nesting and sizes
// beyond JsonLimits. Small documents need no heap: nodes live in a buffer inside the document. The text must outlive
// the document.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace doorbuster {

struct JsonLimits {
  size_t max_bytes = 65'536;
  uint32_t max_depth = 16;
};

// How many members one object may have: they are compared with each other, so this bounds the work a byte of input can
// cause.
inline constexpr size_t kJsonMembersMax = 128;

enum class JsonUnknown { kRefused, kAllowed };

class JsonDocument;
class JsonObject;
class JsonArray;
struct JsonNode;

// Bounds of a value, and optionally what is needed, in words: "a sale needs 1 to 10,000,000 units". Both bounds are
// allowed values.
struct IntegerRule {
  int64_t min = INT64_MIN;
  int64_t max = INT64_MAX;
  std::string_view needs = {};
};

struct NumberRule {
  double min;
  double max;
  std::string_view needs = {};
};

struct StringRule {
  size_t min_bytes = 0;
  size_t max_bytes = 4'096;
  std::string_view needs = {};
};

// One value, or the place where an optional one was not given. Each getter returns `fallback` in that case and when the
// value is of another type or out of bounds (which the document then remembers).
class JsonValue {
 public:
  [[nodiscard]] bool present() const { return node_ != nullptr; }
  // Present and null. Only callers to whom null means something ask; for every other getter null is a wrong type.
  [[nodiscard]] bool is_null() const;
  // Only callers who take values of several types ask.
  [[nodiscard]] bool is_string() const;
  [[nodiscard]] bool is_boolean() const;
  [[nodiscard]] bool is_array() const;

  [[nodiscard]] std::string_view string(StringRule rule = {}, std::string_view fallback = {}) const;
  [[nodiscard]] int64_t integer(IntegerRule rule = {}, int64_t fallback = 0) const;
  [[nodiscard]] double number(NumberRule rule, double fallback = 0) const;
  [[nodiscard]] bool boolean(bool fallback = false) const;
  // RFC 3339.
  [[nodiscard]] Timestamp time(Timestamp fallback = {}) const;
  // One of the enumeration's names, which stand in the order of its values.
  template <class Enum, size_t N>
  [[nodiscard]] Enum one_of(const std::array<std::string_view, N>& names, Enum fallback = {}) const {
    return static_cast<Enum>(index_of(names, static_cast<size_t>(fallback)));
  }
  // An absent or wrong value reads as an empty object or array, whose members are all absent without further complaint.
  [[nodiscard]] JsonObject object() const;
  [[nodiscard]] JsonArray array(size_t max_items) const;

  // Remembers that this value is wrong for a reason that only the caller knows: "'XXX' is not a currency".
  void refuse(std::string reason) const;

 private:
  friend class JsonObject;
  friend class JsonArray;
  friend class JsonDocument;
  JsonValue(JsonDocument* document, JsonNode* node) : document_(document), node_(node) {}
  [[nodiscard]] size_t index_of(std::span<const std::string_view> names, size_t fallback) const;

  JsonDocument* document_;
  JsonNode* node_;  // null when absent
};

class JsonObject {
 public:
  // The member of that name; the first that is missing is remembered as a problem, with `needs` as its advice.
  [[nodiscard]] JsonValue required(std::string_view name, std::string_view needs = {}) const;
  [[nodiscard]] JsonValue optional(std::string_view name) const;
  // Calls `visit(name, JsonValue)` for each member in order: none of them is unknown then.
  template <class Visit>
  void each(Visit&& visit) const {
    for (JsonNode* member = first(); member != nullptr; member = next(member))
      visit(name_of(member), JsonValue(document_, member));
  }

 private:
  friend class JsonValue;
  friend class JsonDocument;
  [[nodiscard]] JsonNode* first() const;
  [[nodiscard]] static JsonNode* next(JsonNode* member);
  // Asked for, from now on.
  [[nodiscard]] static std::string_view name_of(JsonNode* member);
  JsonObject(JsonDocument* document, JsonNode* node) : document_(document), node_(node) {}

  JsonDocument* document_;
  JsonNode* node_;  // null for the object that stands in for a wrong or absent one
};

class JsonArray {
 public:
  [[nodiscard]] size_t size() const;
  // Calls `visit(JsonValue)` for each item in order.
  template <class Visit>
  void each(Visit&& visit) const {
    for (JsonNode* item = first(); item != nullptr; item = next(item)) visit(JsonValue(document_, item));
  }

 private:
  friend class JsonValue;
  JsonArray(JsonDocument* document, JsonNode* node) : document_(document), node_(node) {}
  [[nodiscard]] JsonNode* first() const;
  [[nodiscard]] static JsonNode* next(JsonNode* item);

  JsonDocument* document_;
  JsonNode* node_;
};

class JsonDocument {
 public:
  explicit JsonDocument(std::string_view text, JsonLimits limits = {});
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;
  ~JsonDocument();

  // False when the text as a whole was refused; finish() says why.
  [[nodiscard]] bool well_formed() const { return root_ != nullptr; }

  // The document as an object, as an array or as anything.
  [[nodiscard]] JsonObject root();
  [[nodiscard]] JsonValue value();

  // Whether everything that was read so far was right.
  [[nodiscard]] bool ok() const { return problem_.empty(); }

  // kInvalid with the first problem and all unknown members, each with its JSON pointer (RFC 6901). Call it after the
  // last getter and before acting on any value.
  [[nodiscard]] Result<void> finish(JsonUnknown unknown = JsonUnknown::kRefused);

 private:
  friend class JsonValue;
  friend class JsonObject;

  void parse(std::string_view text, const JsonLimits& limits);
  void note(const std::string& pointer, std::string_view detail);

  static constexpr size_t kInlineBytes = 6'144;

  alignas(16) std::array<std::byte, kInlineBytes> inline_;  // not initialised: parse() writes before anything reads
  std::unique_ptr<std::byte[]> heap_;                       // instead of inline_ for larger documents
  JsonNode* root_ = nullptr;
  std::string problem_;
};

}  // namespace doorbuster
