#include "recs/api/event_rows.h"

#include <algorithm>
#include <cmath>

#include "base/encoding.h"
#include "base/json.h"
#include "platform/api/bulk_rows.h"
#include "recs/views/regions.h"

namespace doorbuster::recs {
namespace {

constexpr platform::BulkRules kEventRules = {.rows_max = kRowsMax, .things = "events"};
constexpr std::string_view kPrefixOfRecommendation = "rec_";
constexpr double kValueMax = 1e12;
constexpr int64_t kQuantityMax = 1'000'000;
constexpr StringRule kNameRule{
    .min_bytes = 1, .max_bytes = kNameBytesMax, .needs = "1 to 128 bytes without control characters"};

std::string_view name_in(const JsonValue& value) {
  const std::string_view name = value.string(kNameRule);
  if (value.present() && !name.empty() && !is_name(name)) value.refuse(std::string(kNameRule.needs));
  return name;
}

// Kinds of the shop's own are words of it.
EventKind kind_in(const JsonValue& value) {
  const std::string_view name = value.string({.min_bytes = 1, .max_bytes = 32});
  const auto known = std::ranges::find(kEventKindNames, name);
  if (known != kEventKindNames.end()) return static_cast<EventKind>(known - kEventKindNames.begin());
  const bool is_word = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
  if (!is_word) value.refuse("a kind of your own is a word of letters a to z, digits, '-' and '_'");
  return EventKind::kOther;
}

EventMore& more_of(EventRow& row) { return row.more ? *row.more : row.more.emplace(); }

void read_who(const JsonObject& object, const RecsCaller& caller, const Names& names, EventRow& row) {
  const JsonValue user = object.optional("user");
  const JsonValue session = object.optional("session");
  if (user.present()) {
    row.user = names.user(name_in(user));
    if (!caller.may_name(row.user)) user.refuse("only an operator's key, or the user's own token, may name a user");
  } else if (caller.kind == RecsCaller::Kind::kCustomer) {
    row.user = caller.user;
  }
  if (session.present()) row.session = names.session(name_in(session));
  if (!user.present() && !session.present() && row.user.is_none())
    (void)object.required("session", "an event names a user or a session");
}

void read_what(const JsonObject& object, const RecsCaller& caller, const Names& names, EventRow& row) {
  const JsonValue type = object.required("type", "view, cart, purchase, cancel, impression, click or one of your own");
  row.kind = kind_in(type);
  if (row.kind == EventKind::kOther) more_of(row).word = type.string();
  const bool is_sale = row.kind == EventKind::kPurchase || row.kind == EventKind::kCancel;
  if (is_sale && caller.kind == RecsCaller::Kind::kPublic)
    type.refuse("what was bought or cancelled is told with an operator's key, or the user's own token");
  row.item_name = name_in(object.required("item"));
  row.item = names.item(row.item_name);
}

EventRow read_row(const JsonObject& object, const RecsCaller& caller, const Names& names) {
  EventRow row;
  read_what(object, caller, names, row);
  read_who(object, caller, names, row);
  const JsonValue id = object.optional("id");
  if (id.present()) row.id_hash = names.event(name_in(id));
  row.at = object.optional("at").time();
  row.quantity = static_cast<uint32_t>(object.optional("quantity").integer({.min = 1, .max = kQuantityMax}, 1));
  row.value_thousandths = std::llround(object.optional("value").number({.min = -kValueMax, .max = kValueMax}) * 1e3);
  const std::string_view surface = object.optional("surface").string({.max_bytes = kNameBytesMax});
  const bool is_response = row.kind == EventKind::kImpression || row.kind == EventKind::kClick;
  if (is_response && !surface.empty()) more_of(row).surface = surface;
  const JsonValue country = object.optional("country");
  if (country.present()) {
    more_of(row).country = country_of_text(country.string());
    if (row.more->country == 0) country.refuse("two capital letters of ISO 3166-1, as DE");
  }
  const JsonValue recommendation = object.optional("recommendation");
  if (recommendation.present()) {
    row.recommendation = recommendation_named(recommendation.string({.max_bytes = kNameBytesMax}));
    if (row.recommendation == 0) recommendation.refuse("it is what an answer said, such as rec_0123456789abcdef");
  }
  return row;
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameBytesMax &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

uint64_t recommendation_named(std::string_view text) {
  std::array<std::byte, sizeof(uint64_t)> bytes{};
  if (!text.starts_with(kPrefixOfRecommendation) || !from_hex(text.substr(kPrefixOfRecommendation.size()), bytes))
    return 0;
  return ByteReader(bytes).integer<uint64_t>();
}

std::string name_of_recommendation(uint64_t number) {
  return std::string(kPrefixOfRecommendation) + to_hex(std::as_bytes(std::span(&number, 1)));
}

// One object is a row, too.
Result<std::vector<std::string_view>> event_texts(std::string_view body, bool is_lines) {
  const size_t begin = body.find_first_not_of(" \t\r\n");
  const bool is_object = begin != std::string_view::npos && body[begin] == '{';
  if (is_object && !is_lines && JsonDocument(body).well_formed()) return std::vector<std::string_view>{body};
  using platform::BulkForm;
  return platform::rows_in(body, is_lines || is_object ? BulkForm::kLines : BulkForm::kArray, kEventRules);
}

EventRows read_event_rows(const std::vector<std::string_view>& texts, const RecsCaller& caller, const Names& names) {
  EventRows read;
  read.rows.reserve(texts.size());
  for (uint32_t index = 0; index < texts.size(); ++index) {
    JsonDocument document(texts[index]);
    EventRow row = read_row(document.root(), caller, names);
    if (const auto finished = document.finish()) {
      read.rows.push_back(std::move(row));
      read.indices.push_back(index);
    } else {
      read.problems.push_back({.index = index, .detail = finished.error().message});
    }
  }
  return read;
}

}  // namespace doorbuster::recs
