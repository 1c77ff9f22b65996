#include "recs/api/gorse_rows.h"

#include <algorithm>
#include <array>

#include "platform/api/bulk_rows.h"
#include "recs/api/event_rows.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kGorseRowBytesMax = 64 << 10;
constexpr size_t kGorseTextBytesMax = 8'000;
constexpr platform::BulkRules kGorseRules = {.rows_max = kRowsMax, .things = "rows"};
constexpr std::string_view kBlanks = " \t\r\n";
using Labels = std::map<std::string, Attribute, std::less<>>;

std::string gorse_name_in(const JsonObject& object, std::string_view name) {
  const JsonValue value = object.required(name);
  const std::string text(value.string({.min_bytes = 1, .max_bytes = kNameBytesMax}));
  if (!text.empty() && !is_name(text)) value.refuse("a name has no control characters");
  return text;
}

bool is_given(const JsonValue& value) { return value.present() && !value.is_null(); }

// RFC 3339, a day, or a day and a time of UTC with a blank between them.
Timestamp gorse_time(const JsonValue& value) {
  if (!is_given(value)) return {};
  std::string text(value.string({.max_bytes = 64}));
  if (text.empty()) return {};
  if (text.size() == std::string_view("2026-11-30").size()) text += "T00:00:00Z";
  if (text.size() == std::string_view("2026-11-30 18:54:57").size()) {
    text[10] = 'T';
    text += 'Z';
  }
  const auto at = parse_rfc3339(text);
  if (!at) value.refuse("a time is expected here, such as 2026-11-30T18:54:57Z");
  return at.value_or(Timestamp());
}

void add_label(std::string_view name, Attribute attribute, const JsonValue& value, Labels& labels) {
  if (name.empty() || name.size() > kNameBytesMax) value.refuse("a label has 1 to 128 bytes");
  if (labels.size() == kAttributesMax) value.refuse("there may be 64 labels");
  labels[std::string(name)] = std::move(attribute);
}

// A list of words, or an object of texts, numbers and lists of words.
Labels read_labels(const JsonValue& value) {
  Labels labels;
  if (!is_given(value)) return labels;
  if (value.is_array()) {
    value.array(kAttributesMax).each([&](const JsonValue& each) {
      add_label(each.string({.max_bytes = kNameBytesMax}), true, each, labels);
    });
    return labels;
  }
  value.object().each([&](std::string_view name, const JsonValue& each) {
    if (each.is_null()) return;
    if (each.is_string()) return add_label(name, std::string(each.string({.max_bytes = 500})), each, labels);
    if (each.is_boolean()) return add_label(name, each.boolean(), each, labels);
    if (!each.is_array()) return add_label(name, each.number({.min = -1e300, .max = 1e300}), each, labels);
    each.array(kAttributesMax).each([&](const JsonValue& word) {
      add_label(std::string(name) + ":" + std::string(word.string({.max_bytes = kNameBytesMax})), true, word, labels);
    });
  });
  return labels;
}

bool is_word_list(const Labels& labels) {
  return std::ranges::all_of(labels, [](const auto& each) { return each.second == Attribute(true); });
}

void write_labels(JsonWriter& json, const Labels& labels) {
  if (is_word_list(labels)) {
    json.begin_array();
    for (const auto& [name, value] : labels) json.value(name);
    json.end_array();
    return;
  }
  json.begin_object();
  for (const auto& [name, value] : labels) {
    json.dynamic_key(name);
    std::visit([&](const auto& one) { json.value(one); }, value);
  }
  json.end_object();
}

// Those that the object names.
void change_content(const JsonObject& object, Content& content) {
  const JsonValue hidden = object.optional("IsHidden");
  if (is_given(hidden)) content.in_stock = !hidden.boolean();
  const JsonValue categories = object.optional("Categories");
  if (is_given(categories)) {
    content.categories.clear();
    categories.array(kCategoriesMax).each([&](const JsonValue& each) {
      const std::string category(each.string({.min_bytes = 1, .max_bytes = kNameBytesMax}));
      if (std::ranges::find(content.categories, category) == content.categories.end())
        content.categories.push_back(category);
    });
  }
  const Timestamp at = gorse_time(object.optional("Timestamp"));
  if (at != Timestamp()) content.published_at = at;
  const JsonValue labels = object.optional("Labels");
  if (is_given(labels)) content.attributes = read_labels(labels);
  const JsonValue comment = object.optional("Comment");
  if (is_given(comment)) content.text = comment.string({.max_bytes = kGorseTextBytesMax});
}

struct UserWords {
  Labels labels = {};
  std::string comment = {};
};

void change_user(const JsonObject& object, std::string_view labels_name, std::string_view comment_name,
                 UserWords& words) {
  const JsonValue labels = object.optional(labels_name);
  if (is_given(labels)) words.labels = read_labels(labels);
  const JsonValue comment = object.optional(comment_name);
  if (is_given(comment)) words.comment = comment.string({.max_bytes = kGorseTextBytesMax});
}

UserWords words_of(std::string_view content) {
  UserWords words;
  JsonDocument document(content, {.max_bytes = kContentBytesMax});
  if (!content.empty()) change_user(document.root(), "labels", "comment", words);
  return words;
}

std::string content_of(const UserWords& words) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("labels");
  write_labels(json, words.labels);
  json.member("comment", words.comment).end_object();
  return text;
}

Result<std::string> checked_user(JsonDocument& document, const UserWords& words) {
  TRY(document.finish(JsonUnknown::kAllowed));
  std::string content = content_of(words);
  if (content.size() > kContentBytesMax) return fail(ErrorCode::kInvalid, "a user has 24,576 bytes at most");
  return content;
}

}  // namespace

Result<std::vector<std::string_view>> gorse_texts(std::string_view body) {
  const size_t begin = std::min(body.find_first_not_of(kBlanks), body.size());
  body.remove_prefix(begin);
  if (body.starts_with('{')) return std::vector<std::string_view>{body};
  const bool is_list = body.starts_with('[');
  if (is_list && body.find_first_not_of(kBlanks, 1) == body.find(']')) return std::vector<std::string_view>();
  return platform::rows_in(body, platform::BulkForm::kArray, kGorseRules);
}

Result<GorseItem> read_gorse_item(std::string_view text) {
  JsonDocument document(text, {.max_bytes = kGorseRowBytesMax});
  const JsonObject object = document.root();
  GorseItem item{.name = gorse_name_in(object, "ItemId")};
  change_content(object, item.content);
  TRY(document.finish(JsonUnknown::kAllowed));
  return item;
}

Result<Content> read_gorse_patch(std::string_view text, Content before) {
  JsonDocument document(text, {.max_bytes = kGorseRowBytesMax});
  change_content(document.root(), before);
  TRY(document.finish(JsonUnknown::kAllowed));
  return before;
}

Result<GorseUser> read_gorse_user(std::string_view text) {
  JsonDocument document(text, {.max_bytes = kGorseRowBytesMax});
  const JsonObject object = document.root();
  GorseUser user{.name = gorse_name_in(object, "UserId")};
  UserWords words;
  change_user(object, "Labels", "Comment", words);
  user.content = TRY(checked_user(document, words));
  return user;
}

Result<std::string> read_gorse_user_patch(std::string_view text, std::string_view before) {
  JsonDocument document(text, {.max_bytes = kGorseRowBytesMax});
  UserWords words = words_of(before);
  change_user(document.root(), "Labels", "Comment", words);
  return checked_user(document, words);
}

Result<GorseFeedback> read_gorse_feedback(std::string_view text, const EventNames& events) {
  JsonDocument document(text);
  const JsonObject object = document.root();
  GorseFeedback feedback{.type = gorse_name_in(object, "FeedbackType"),
                         .user = gorse_name_in(object, "UserId"),
                         .item = gorse_name_in(object, "ItemId"),
                         .at = gorse_time(object.optional("Timestamp"))};
  feedback.kind = events.kind_of(feedback.type);
  TRY(document.finish(JsonUnknown::kAllowed));
  return feedback;
}

void write_gorse_item(JsonWriter& json, std::string_view name, const Content& content, Timestamp since) {
  json.begin_object().member("ItemId", name).member("IsHidden", !content.in_stock).key("Categories").begin_array();
  for (const std::string& category : content.categories) json.value(category);
  json.end_array().member("Timestamp", content.published_at.value_or(since)).key("Labels");
  write_labels(json, content.attributes);
  json.member("Comment", content.text).end_object();
}

void write_gorse_user(JsonWriter& json, std::string_view name, std::string_view content) {
  const UserWords words = words_of(content);
  json.begin_object().member("UserId", name).key("Labels");
  write_labels(json, words.labels);
  json.member("Comment", words.comment).end_object();
}

void write_gorse_feedback(JsonWriter& json, const GorseFeedback& feedback) {
  json.begin_object().member("FeedbackType", feedback.type).member("UserId", feedback.user);
  json.member("ItemId", feedback.item).member("Timestamp", feedback.at).member("Comment", "").end_object();
}

}  // namespace doorbuster::recs
