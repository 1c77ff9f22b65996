// The wall around Boost.JSON: its incremental parser checks syntax, numbers, escapes and UTF-8, and a handler of ours
// builds the nodes, so that duplicate members are seen (Boost's own DOM keeps the last one in silence) and no memory is
// allocated.
#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <cstring>
#include <exception>
#include <new>

#include "base/assert.h"
#include "base/json.h"
#include "base/json_node.h"

namespace doorbuster {
namespace {

namespace bj = boost::json;
using bj::error_code;

class Builder {
 public:
  static constexpr size_t max_object_size = kJsonMembersMax;
  static constexpr size_t max_array_size = SIZE_MAX;
  static constexpr size_t max_key_size = SIZE_MAX;
  static constexpr size_t max_string_size = SIZE_MAX;

  Builder(std::string_view source, void* memory, size_t nodes_max)
      : source_(source), nodes_(static_cast<JsonNode*>(memory)), nodes_max_(nodes_max) {
    characters_ = reinterpret_cast<char*>(nodes_ + nodes_max);
  }

  [[nodiscard]] JsonNode* root() const { return nodes_; }
  [[nodiscard]] std::string_view refusal() const { return refusal_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(JsonKind::kObject); }
  bool on_array_begin(error_code&) { return open(JsonKind::kArray); }
  bool on_array_end(size_t, error_code&) { return close(); }
  bool on_object_end(size_t, error_code& failed) {
    if (has_duplicate(*open_)) {
      refusal_ = "a member appears twice in the object that ends";
      failed = bj::error::input_error;
      return false;
    }
    return close();
  }

  bool on_key_part(bj::string_view part, size_t, error_code&) { return gather(part); }
  bool on_key(bj::string_view part, size_t, error_code&) {
    key_ = complete(part);
    return true;
  }
  bool on_string_part(bj::string_view part, size_t, error_code&) { return gather(part); }
  bool on_string(bj::string_view part, size_t, error_code&) {
    add(JsonKind::kString)->text = complete(part);
    return true;
  }

  bool on_number_part(bj::string_view, error_code&) { return true; }
  bool on_int64(int64_t value, bj::string_view, error_code&) {
    add(JsonKind::kInteger)->integer = value;
    return true;
  }
  bool on_uint64(uint64_t value, bj::string_view, error_code&) {
    JsonNode* node = add(JsonKind::kInteger);
    node->huge = true;
    node->large = value;
    return true;
  }
  bool on_double(double value, bj::string_view, error_code& failed) {
    if (!std::isfinite(value)) {
      failed = bj::error::exponent_overflow;
      return false;
    }
    add(JsonKind::kNumber)->number = value;
    return true;
  }
  bool on_bool(bool value, error_code&) {
    add(JsonKind::kBoolean)->boolean = value;
    return true;
  }
  bool on_null(error_code&) {
    add(JsonKind::kNull);
    return true;
  }
  bool on_comment_part(bj::string_view, error_code&) { return true; }
  bool on_comment(bj::string_view, error_code&) { return true; }

 private:
  JsonNode* add(JsonKind kind) {
    ASSERT(count_ < nodes_max_);
    auto* node = new (&nodes_[count_++]) JsonNode;
    node->kind = kind;
    node->parent = open_;
    node->key = key_;
    key_ = {};
    if (open_ != nullptr) append(node);
    return node;
  }

  void append(JsonNode* node) {
    node->index = open_->size++;
    (last_ == nullptr ? open_->child : last_->next) = node;
    last_ = node;
  }

  bool open(JsonKind kind) {
    open_ = add(kind);
    last_ = nullptr;
    return true;
  }

  bool close() {
    last_ = open_;
    open_ = open_->parent;
    return true;
  }

  static bool has_duplicate(const JsonNode& object) {
    for (const JsonNode* a = object.child; a != nullptr; a = a->next) {
      for (const JsonNode* b = object.child; b != a; b = b->next) {
        if (a->key == b->key) return true;
      }
    }
    return false;
  }

  // Text with escapes arrives in parts from a buffer of the parser's. It is never longer than its source, so it always
  // fits.
  bool gather(bj::string_view part) {
    ASSERT(used_ + part.size() <= source_.size());
    std::memcpy(characters_ + used_, part.data(), part.size());
    used_ += part.size();
    return true;
  }

  std::string_view complete(bj::string_view part) {
    const bool in_source = part.data() >= source_.data() && part.data() <= source_.data() + source_.size();
    if (used_ == start_ && in_source) return {part.data(), part.size()};
    gather(part);
    const std::string_view whole(characters_ + start_, used_ - start_);
    start_ = used_;
    return whole;
  }

  std::string_view source_;
  JsonNode* nodes_;
  size_t nodes_max_;
  char* characters_;
  size_t count_ = 0;
  size_t start_ = 0;  // of the text being gathered
  size_t used_ = 0;
  JsonNode* open_ = nullptr;
  JsonNode* last_ = nullptr;  // child of open_ that was added last
  std::string_view key_;
  std::string_view refusal_;
};

// Every value but the first of its container follows a comma; every first one follows a bracket or is the root.
size_t nodes_at_most(std::string_view text) {
  const auto starts_value = [](char c) { return c == ',' || c == '[' || c == '{'; };
  return 1 + static_cast<size_t>(std::count_if(text.begin(), text.end(), starts_value));
}

std::string_view reason_of(const error_code& failed) {
  using bj::error;
  if (failed == error::incomplete) return "the text ends in the middle";
  if (failed == error::too_deep) return "arrays and objects are nested too deep";
  if (failed == error::object_too_large) return "an object has more than 128 members";
  if (failed == error::extra_data) return "something follows the value";
  if (failed == error::exponent_overflow) return "a number is too large";
  return "this is not JSON in UTF-8";
}
static_assert(kJsonMembersMax == 128, "the sentence above names it");

JsonParsed run_parser(std::string_view text, uint32_t max_depth, void* memory) {
  bj::parse_options options;
  options.max_depth = max_depth;
  bj::basic_parser<Builder> parser(options, text, memory, nodes_at_most(text));
  error_code failed;
  const size_t consumed = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && consumed < text.size()) failed = bj::error::extra_data;
  if (!failed) return {.root = parser.handler().root(), .reason = {}};
  const std::string_view refusal = parser.handler().refusal();
  return {.reason = refusal.empty() ? reason_of(failed) : refusal, .at = consumed};
}

}  // namespace

size_t json_memory(std::string_view text) { return nodes_at_most(text) * sizeof(JsonNode) + text.size(); }

JsonParsed parse_json(std::string_view text, uint32_t max_depth, void* memory) try {
  return run_parser(text, max_depth, memory);
} catch (const std::exception&) {
  return {.reason = "this cannot be read as JSON"};
}

}  // namespace doorbuster
