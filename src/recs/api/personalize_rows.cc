// Requests of Amazon Personalize: events, items and users come in.
#include "recs/api/personalize_rows.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "recs/api/event_rows.h"
#include "recs/api/personalize_item.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kPersonalizeBodyMax = 4 << 20;
constexpr size_t kPersonalizeRowsMax = 100;  // its own limit is 10
constexpr size_t kImpressionMax = 25;
constexpr size_t kArnBytesMax = 256;
constexpr double kSecondsMax = 4e9;
constexpr double kValueOfEventMax = 1e12;
constexpr StringRule kIdRule{.min_bytes = 1, .max_bytes = kNameBytesMax, .needs = "1 to 128 bytes"};
constexpr StringRule kPropertiesRule{.max_bytes = kContentBytesMax, .needs = "24,576 bytes at most"};

std::string id_in(const JsonValue& value) {
  const std::string id(value.string(kIdRule));
  if (!id.empty() && !is_name(id)) value.refuse("a name has no control characters");
  return id;
}

bool has_value(const JsonValue& value) { return value.present() && !value.is_null(); }

// What an older client has in its properties.
std::string item_in_properties(const JsonValue& properties) {
  if (!has_value(properties)) return {};
  JsonDocument document(properties.string(kPropertiesRule));
  std::string item;
  document.root().each([&](std::string_view name, const JsonValue& value) {
    if ((name == "itemId" || name == "ITEM_ID") && value.is_string()) item = value.string();
  });
  if (!document.well_formed()) properties.refuse("it is no JSON object");
  return is_name(item) ? item : std::string();
}

struct SentBy {
  NameHash user = {};
  NameHash session = {};
};

void read_sent_event(const JsonObject& event, const SentBy& by, const Names& names, const EventNames& events,
                     std::vector<EventRow>& rows) {
  const std::string type = id_in(event.required("eventType"));
  EventRow row{.kind = events.kind_of(type), .user = by.user, .session = by.session};
  if (row.kind == EventKind::kOther) row.more.emplace().word = EventNames::word_of(type);
  const double sent_at = event.required("sentAt").number({.min = 0, .max = kSecondsMax, .needs = "seconds since 1970"});
  row.at = Timestamp::from_micros(std::llround(sent_at * 1e6));
  const JsonValue id = event.optional("eventId");
  const std::string id_text = has_value(id) ? id_in(id) : "";
  if (!id_text.empty()) row.id_hash = names.event("personalize " + id_text);
  const JsonValue value = event.optional("eventValue");
  if (has_value(value))
    row.value_thousandths = std::llround(value.number({.min = -kValueOfEventMax, .max = kValueOfEventMax}) * 1e3);
  const JsonValue recommendation = event.optional("recommendationId");
  if (has_value(recommendation)) row.recommendation = recommendation_named(recommendation.string());
  event.optional("metricAttribution").object().each([](std::string_view, const JsonValue&) {});
  const JsonValue properties = event.optional("properties");
  const JsonValue item = event.optional("itemId");
  row.item_name = has_value(item) ? id_in(item) : item_in_properties(properties);
  if (!row.item_name.empty()) {
    row.item = names.item(row.item_name);
    rows.push_back(row);
  }
  event.optional("impression").array(kImpressionMax).each([&](const JsonValue& shown) {
    EventRow impression = row;
    impression.kind = EventKind::kImpression;
    impression.more.reset();
    impression.value_thousandths = 0;
    impression.item_name = id_in(shown);
    impression.item = names.item(impression.item_name);
    if (!id_text.empty()) impression.id_hash = names.event("personalize " + id_text + '\n' + impression.item_name);
    rows.push_back(std::move(impression));
  });
}

void read_arn(const JsonValue& value) {
  const std::string_view arn = value.string({.min_bytes = 1, .max_bytes = kArnBytesMax});
  if (value.present() && !arn.empty() && !name_in_arn(arn)) value.refuse("an ARN is expected here");
}

}  // namespace

std::optional<std::string> name_in_arn(std::string_view arn) {
  const size_t slash = arn.rfind('/');
  if (!arn.starts_with("arn:") || slash == std::string_view::npos) return std::nullopt;
  const std::string name(arn.substr(slash + 1));
  return is_name(name) ? std::optional(name) : std::nullopt;
}

Result<std::vector<EventRow>> read_put_events(std::string_view body, const Names& names, const EventNames& events) {
  JsonDocument document(body, {.max_bytes = kPersonalizeBodyMax});
  const JsonObject root = document.root();
  (void)root.required("trackingId").string({.min_bytes = 1, .max_bytes = kArnBytesMax});
  SentBy by{.session = names.session(id_in(root.required("sessionId")))};
  const JsonValue user = root.optional("userId");
  if (has_value(user)) by.user = names.user(id_in(user));
  std::vector<EventRow> rows;
  root.required("eventList").array(kPersonalizeRowsMax).each([&](const JsonValue& event) {
    read_sent_event(event.object(), by, names, events, rows);
  });
  TRY(document.finish(JsonUnknown::kAllowed));
  if (rows.size() > kRowsMax)
    return fail(ErrorCode::kInvalid, "there may be 1,000 events and impressions in a request");
  return rows;
}

Result<std::vector<ItemContent>> read_put_items(std::string_view body, const Names& names) {
  JsonDocument document(body, {.max_bytes = kPersonalizeBodyMax});
  const JsonObject root = document.root();
  read_arn(root.required("datasetArn"));
  std::vector<ItemContent> items;
  root.required("items").array(kPersonalizeRowsMax).each([&](const JsonValue& value) {
    const JsonObject object = value.object();
    ItemContent item{.item = {}, .name = id_in(object.required("itemId")), .content = {}};
    item.item = names.item(item.name);
    const JsonValue properties = object.optional("properties");
    auto content = personalize_content(has_value(properties) ? properties.string(kPropertiesRule) : "{}");
    if (!content) properties.refuse(content.error().message);
    item.content = std::move(content).value_or("");
    items.push_back(std::move(item));
  });
  TRY(document.finish(JsonUnknown::kAllowed));
  return items;
}

Result<std::vector<UserContent>> read_put_users(std::string_view body, const Names& names) {
  JsonDocument document(body, {.max_bytes = kPersonalizeBodyMax});
  const JsonObject root = document.root();
  read_arn(root.required("datasetArn"));
  std::vector<UserContent> users;
  root.required("users").array(kPersonalizeRowsMax).each([&](const JsonValue& value) {
    const JsonObject object = value.object();
    UserContent user{.user = names.user(id_in(object.required("userId"))), .content = "{}"};
    const JsonValue properties = object.optional("properties");
    if (has_value(properties)) {
      user.content = properties.string(kPropertiesRule);
      JsonDocument inner(user.content, {.max_bytes = kContentBytesMax});
      inner.root().each([](std::string_view, const JsonValue&) {});
      if (const auto finished = inner.finish(); !finished) properties.refuse(finished.error().message);
    }
    users.push_back(std::move(user));
  });
  TRY(document.finish(JsonUnknown::kAllowed));
  return users;
}

}  // namespace doorbuster::recs
