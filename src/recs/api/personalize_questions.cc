// Requests of Amazon Personalize: what is asked.
#include <algorithm>

#include "base/json.h"
#include "recs/api/asked.h"
#include "recs/api/event_rows.h"
#include "recs/api/personalize_rows.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kPersonalizeDefault = 25;
constexpr size_t kPersonalizeColumnsMax = 20;
constexpr size_t kParameterBytesMax = 1'000;
constexpr StringRule kWhoRule{.min_bytes = 1, .max_bytes = kNameBytesMax, .needs = "1 to 128 bytes"};
constexpr StringRule kResourceRule{.min_bytes = 1, .max_bytes = 256};

bool stands_there(const JsonValue& value) { return value.present() && !value.is_null(); }

std::optional<std::string> who_in(const JsonValue& value) {
  if (!stands_there(value)) return std::nullopt;
  const std::string name(value.string(kWhoRule));
  if (!is_name(name)) value.refuse("a name has 1 to 128 bytes, and no control characters among them");
  return name;
}

std::optional<std::string> resource_in(const JsonValue& value) {
  if (!stands_there(value)) return std::nullopt;
  const auto name = name_in_arn(value.string(kResourceRule));
  if (!name) value.refuse("an ARN is expected here, such as arn:aws:personalize:eu-west-1:000000000000:campaign/home");
  return name;
}

// What both questions have.
PersonalizeRequest read_common(const JsonObject& root) {
  PersonalizeRequest request;
  request.user = who_in(root.optional("userId"));
  request.filter = resource_in(root.optional("filterArn"));
  root.optional("filterValues").object().each([&](std::string_view name, const JsonValue& value) {
    request.values[std::string(name)] = value.string({.max_bytes = kParameterBytesMax});
  });
  root.optional("context").object().each([](std::string_view, const JsonValue& value) { (void)value.string(); });
  root.optional("metadataColumns").object().each([&](std::string_view dataset, const JsonValue& value) {
    if (dataset != "ITEMS") value.refuse("there are columns of ITEMS only");
    value.array(kPersonalizeColumnsMax).each([&](const JsonValue& column) {
      request.columns.emplace_back(column.string(kWhoRule));
    });
  });
  return request;
}

}  // namespace

Result<PersonalizeRequest> read_get_recommendations(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  PersonalizeRequest request = read_common(root);
  const JsonValue campaign = root.optional("campaignArn");
  const JsonValue recommender = root.optional("recommenderArn");
  if (stands_there(campaign) == stands_there(recommender))
    return fail(ErrorCode::kInvalid, "campaignArn or recommenderArn is needed, and not both");
  request.surface = resource_in(stands_there(campaign) ? campaign : recommender).value_or("");
  request.item = who_in(root.optional("itemId"));
  const JsonValue n = root.optional("numResults");
  request.n = stands_there(n) ? static_cast<size_t>(n.integer({.min = 0, .max = kRankedMax}, 0)) : 0;
  if (request.n == 0) request.n = kPersonalizeDefault;
  const JsonValue promotions = root.optional("promotions");
  if (stands_there(promotions) && promotions.array(1).size() > 0)
    promotions.refuse("promotions are not taken: pin or boost items by a rule");
  TRY(document.finish(JsonUnknown::kAllowed));
  return request;
}

Result<PersonalizeRequest> read_get_ranking(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  PersonalizeRequest request = read_common(root);
  request.surface = resource_in(root.required("campaignArn")).value_or("");
  if (!request.user) (void)root.required("userId");
  root.required("inputList").array(kRankedMax).each([&](const JsonValue& item) {
    request.ranked.push_back(who_in(item).value_or(""));
  });
  TRY(document.finish(JsonUnknown::kAllowed));
  return request;
}

}  // namespace doorbuster::recs
