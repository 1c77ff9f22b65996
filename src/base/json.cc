#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/json_node.h"

namespace doorbuster {
namespace {

constexpr size_t kClipBytes = 64;
constexpr size_t kUnknownListedMax = 32;

std::string_view clip(std::string_view text) {
  if (text.size() <= kClipBytes) return text;
  size_t end = kClipBytes;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;  // not inside a UTF-8 sequence
  return text.substr(0, end);
}

// One reference token of a JSON pointer (RFC 6901 section 3).
std::string token(std::string_view name) {
  std::string escaped = "/";
  for (const char c : clip(name)) {
    if (c == '~')
      escaped += "~0";
    else if (c == '/')
      escaped += "~1";
    else
      escaped += c;
  }
  return escaped;
}

std::string pointer_to(const JsonNode* node) {
  std::string pointer;
  for (; node->parent != nullptr; node = node->parent) {
    const bool member = node->parent->kind == JsonKind::kObject;
    pointer.insert(0, token(member ? node->key : std::to_string(node->index)));
  }
  return pointer;
}

std::string_view with_article(JsonKind kind) {
  constexpr std::array<std::string_view, 7> kNames = {"null",     "a boolean", "a whole number", "a number",
                                                      "a string", "an array",  "an object"};
  return kNames[static_cast<size_t>(kind)];
}

// 10000000 as 10,000,000.
std::string grouped(int64_t value) {
  const std::string digits = std::to_string(value);
  const size_t first = value < 0 ? 1 : 0;
  std::string text;
  for (size_t at = 0; at < digits.size(); ++at) {
    if (at > first && (digits.size() - at) % 3 == 0) text += ',';
    text += digits[at];
  }
  return text;
}

std::string shortest(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string advice(std::string_view needs, std::string otherwise) {
  return ": " + (needs.empty() ? std::move(otherwise) : std::string(needs));
}

std::string integer_advice(const IntegerRule& rule) {
  if (rule.max == INT64_MAX) return "it must be " + grouped(rule.min) + " or more";
  if (rule.min == INT64_MIN) return "it must be " + grouped(rule.max) + " or less";
  return "it must be from " + grouped(rule.min) + " to " + grouped(rule.max);
}

std::string string_advice(const StringRule& rule) {
  return "it must have " + grouped(int64_t(rule.min_bytes)) + " to " + grouped(int64_t(rule.max_bytes)) + " bytes";
}

std::string quoted(std::string_view text) {
  return "'" + std::string(clip(text)) + (clip(text).size() < text.size() ? "...'" : "'");
}

std::string listed(std::span<const std::string_view> names) {
  std::string list;
  for (const std::string_view name : names) {
    if (!list.empty()) list += name == names.back() ? " or " : ", ";
    list += quoted(name);
  }
  return list;
}

void list_unknown(const JsonNode* node, std::vector<const JsonNode*>& unknown) {
  for (const JsonNode* child = node->child; child != nullptr; child = child->next) {
    const bool is_member = node->kind == JsonKind::kObject;
    if (is_member && !child->asked)
      unknown.push_back(child);
    else
      list_unknown(child, unknown);
  }
}

std::string describe_unknown(const std::vector<const JsonNode*>& unknown) {
  std::string text = unknown.size() == 1 ? "unknown member " : "unknown members ";
  const size_t shown = std::min(unknown.size(), kUnknownListedMax);
  for (size_t i = 0; i < shown; ++i) text += (i > 0 ? ", " : "") + pointer_to(unknown[i]);
  if (shown < unknown.size()) text += " and " + std::to_string(unknown.size() - shown) + " more";
  return text + ": leave out or correct what is not in the documentation";
}

// Whether the node is there and of that kind; if it is of another kind, the document remembers.
bool is_kind(const JsonValue& value, const JsonNode* node, JsonKind kind) {
  if (node == nullptr) return false;
  if (node->kind == kind) return true;
  value.refuse("must be " + std::string(with_article(kind)) + ", but is " + std::string(with_article(node->kind)));
  return false;
}

double as_double(const JsonNode& integer) {
  return integer.huge ? static_cast<double>(integer.large) : static_cast<double>(integer.integer);
}

}  // namespace

bool JsonValue::is_null() const { return node_ != nullptr && node_->kind == JsonKind::kNull; }
bool JsonValue::is_string() const { return node_ != nullptr && node_->kind == JsonKind::kString; }
bool JsonValue::is_boolean() const { return node_ != nullptr && node_->kind == JsonKind::kBoolean; }
bool JsonValue::is_array() const { return node_ != nullptr && node_->kind == JsonKind::kArray; }

void JsonValue::refuse(std::string reason) const {
  if (node_ != nullptr) document_->note(pointer_to(node_), reason);
}

std::string_view JsonValue::string(StringRule rule, std::string_view fallback) const {
  if (!is_kind(*this, node_, JsonKind::kString)) return fallback;
  const size_t size = node_->text.size();
  if (size >= rule.min_bytes && size <= rule.max_bytes) return node_->text;
  const std::string what =
      size == 0 ? "is empty" : std::to_string(size) + " bytes are too " + (size < rule.min_bytes ? "few" : "many");
  refuse(what + advice(rule.needs, string_advice(rule)));
  return fallback;
}

int64_t JsonValue::integer(IntegerRule rule, int64_t fallback) const {
  if (!is_kind(*this, node_, JsonKind::kInteger)) return fallback;
  const bool too_large = node_->huge || node_->integer > rule.max;
  if (!too_large && node_->integer >= rule.min) return node_->integer;
  const std::string shown = node_->huge ? std::to_string(node_->large) : std::to_string(node_->integer);
  refuse(shown + " is too " + (too_large ? "large" : "small") + advice(rule.needs, integer_advice(rule)));
  return fallback;
}

double JsonValue::number(NumberRule rule, double fallback) const {
  const bool whole = node_ != nullptr && node_->kind == JsonKind::kInteger;
  if (!whole && !is_kind(*this, node_, JsonKind::kNumber)) return fallback;
  const double value = whole ? as_double(*node_) : node_->number;
  if (value >= rule.min && value <= rule.max) return value;
  refuse(shortest(value) + " is too " + (value > rule.max ? "large" : "small") +
         advice(rule.needs, "it must be from " + shortest(rule.min) + " to " + shortest(rule.max)));
  return fallback;
}

bool JsonValue::boolean(bool fallback) const {
  return is_kind(*this, node_, JsonKind::kBoolean) ? node_->boolean : fallback;
}

Timestamp JsonValue::time(Timestamp fallback) const {
  if (!is_kind(*this, node_, JsonKind::kString)) return fallback;
  const Result<Timestamp> parsed = parse_rfc3339(node_->text);
  if (!parsed) refuse(quoted(node_->text) + " is not a time: write it as RFC 3339, for example 2026-11-27T10:00:00Z");
  return parsed.value_or(fallback);
}

size_t JsonValue::index_of(std::span<const std::string_view> names, size_t fallback) const {
  if (!is_kind(*this, node_, JsonKind::kString)) return fallback;
  const auto found = std::find(names.begin(), names.end(), node_->text);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  refuse(quoted(node_->text) + " is not known: write " + listed(names));
  return fallback;
}

JsonObject JsonValue::object() const { return {document_, is_kind(*this, node_, JsonKind::kObject) ? node_ : nullptr}; }

JsonArray JsonValue::array(size_t max_items) const {
  if (!is_kind(*this, node_, JsonKind::kArray)) return {document_, nullptr};
  if (node_->size <= max_items) return {document_, node_};
  refuse(std::to_string(node_->size) + " items are too many: at most " + std::to_string(max_items) + " are allowed");
  return {document_, nullptr};
}

JsonValue JsonObject::optional(std::string_view name) const {
  JsonNode* member = node_ == nullptr ? nullptr : node_->child;
  while (member != nullptr && member->key != name) member = member->next;
  if (member != nullptr) member->asked = true;
  return {document_, member};
}

JsonValue JsonObject::required(std::string_view name, std::string_view needs) const {
  const JsonValue member = optional(name);
  const bool missing = node_ != nullptr && !member.present();
  if (missing) document_->note(pointer_to(node_) + token(name), "is missing" + advice(needs, "it is required"));
  return member;
}

JsonNode* JsonObject::first() const { return node_ == nullptr ? nullptr : node_->child; }
JsonNode* JsonObject::next(JsonNode* member) { return member->next; }
std::string_view JsonObject::name_of(JsonNode* member) {
  member->asked = true;
  return member->key;
}

size_t JsonArray::size() const { return node_ == nullptr ? 0 : node_->size; }
JsonNode* JsonArray::first() const { return node_ == nullptr ? nullptr : node_->child; }
JsonNode* JsonArray::next(JsonNode* item) { return item->next; }

JsonDocument::JsonDocument(std::string_view text, JsonLimits limits) { parse(text, limits); }
JsonDocument::~JsonDocument() = default;

void JsonDocument::parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    problem_ = grouped(int64_t(text.size())) + " bytes of JSON are too many: at most " +
               grouped(int64_t(limits.max_bytes)) + " are read";
    return;
  }
  const size_t needed = json_memory(text);
  if (needed > inline_.size()) heap_ = std::make_unique_for_overwrite<std::byte[]>(needed);
  const JsonParsed parsed = parse_json(text, limits.max_depth, heap_ ? heap_.get() : inline_.data());
  root_ = parsed.root;
  if (root_ == nullptr)
    problem_ = "the JSON is refused at byte " + std::to_string(parsed.at) + ": " + std::string(parsed.reason);
}

JsonValue JsonDocument::value() { return {this, root_}; }
JsonObject JsonDocument::root() { return value().object(); }

void JsonDocument::note(const std::string& pointer, std::string_view detail) {
  if (problem_.empty()) problem_ = (pointer.empty() ? "the JSON" : pointer + ":") + " " + std::string(detail);
}

Result<void> JsonDocument::finish(JsonUnknown unknown) {
  std::vector<const JsonNode*> unasked;
  if (well_formed() && unknown == JsonUnknown::kRefused) list_unknown(root_, unasked);
  if (problem_.empty() && unasked.empty()) return {};
  if (unasked.empty()) return fail(ErrorCode::kInvalid, problem_);
  return fail(ErrorCode::kInvalid, problem_ + (problem_.empty() ? "" : "; ") + describe_unknown(unasked));
}

}  // namespace doorbuster
