#include "recs/api/recs_calls.h"

#include <algorithm>
#include <array>

#include "platform/api/problems.h"
#include "recs/api/event_rows.h"

namespace doorbuster::recs {
namespace {

using net::Method;
using platform::Call;

template <auto function>
constexpr auto by = platform::take_by<function, RecsParts>;

constexpr size_t kEncodedMax = 3 * kNameBytesMax;

// What pages of any origin may ask for; a browser asks first whether they may (cross_origin.h).
constexpr std::array kPageRoutes = {
    RecsRoute{Method::kPost, kEventsPath, by<record_events>},
    RecsRoute{Method::kGet, "/api/v1/recs/items/{item}/also-bought", by<show_also_bought>},
    RecsRoute{Method::kGet, "/api/v1/recs/items/{item}/also-viewed", by<show_also_viewed>},
    RecsRoute{Method::kGet, "/api/v1/recs/items/{item}/similar", by<show_similar>},
    RecsRoute{Method::kGet, "/api/v1/recs/recommendations", by<show_recommendations>},
    RecsRoute{Method::kPost, "/api/v1/recs/recommendations", by<show_recommendations>},
    RecsRoute{Method::kPost, kRankPath, by<rank_items>},
    RecsRoute{Method::kGet, "/api/v1/recs/popular", by<show_popular>},
    RecsRoute{Method::kGet, "/api/v1/recs/trending", by<show_trending>},
};
constexpr std::array kOtherRoutes = {
    RecsRoute{Method::kPost, kItemsPath, by<put_items>},
    RecsRoute{Method::kPut, "/api/v1/recs/items/{item}", by<put_item>},
    RecsRoute{Method::kGet, "/api/v1/recs/items/{item}", by<show_item>},
    RecsRoute{Method::kPatch, "/api/v1/recs/items/{item}", by<change_item>},
    RecsRoute{Method::kDelete, "/api/v1/recs/items/{item}", by<remove_item>},
    RecsRoute{Method::kPut, "/api/v1/recs/users/{user}", by<put_user>},
    RecsRoute{Method::kGet, "/api/v1/recs/users/{user}", by<show_user>},
    RecsRoute{Method::kDelete, "/api/v1/recs/users/{user}", by<forget_user>},
    RecsRoute{Method::kPost, kQuestionsPath, by<show_many_recommendations>},
    RecsRoute{Method::kGet, "/api/v1/recs/explain", by<explain_answer>},
    RecsRoute{Method::kGet, "/api/v1/recs/usage", by<show_usage>},
    RecsRoute{Method::kGet, "/api/v1/recs/models", by<list_models>},
    RecsRoute{Method::kPost, "/api/v1/recs/models/train", by<train_models>},
    RecsRoute{Method::kPost, "/api/v1/recs/models/{version}/activate", by<activate_model>},
    RecsRoute{Method::kGet, "/api/v1/recs/rules", by<list_rules>},
    RecsRoute{Method::kPut, "/api/v1/recs/rules/{rule}", by<put_rule>},
    RecsRoute{Method::kDelete, "/api/v1/recs/rules/{rule}", by<remove_rule>},
    RecsRoute{Method::kGet, "/api/v1/recs/surfaces", by<list_surfaces>},
    RecsRoute{Method::kPut, "/api/v1/recs/surfaces/{surface}", by<put_surface>},
    RecsRoute{Method::kDelete, "/api/v1/recs/surfaces/{surface}", by<remove_surface>},
    RecsRoute{Method::kGet, "/api/v1/recs/surfaces/{surface}/report", by<report_surface>},
    RecsRoute{Method::kGet, "/api/v1/recs/experiments", by<list_experiments>},
    RecsRoute{Method::kPut, "/api/v1/recs/experiments/{experiment}", by<put_experiment>},
    RecsRoute{Method::kGet, "/api/v1/recs/experiments/{experiment}", by<show_experiment>},
    RecsRoute{Method::kDelete, "/api/v1/recs/experiments/{experiment}", by<remove_experiment>},
    RecsRoute{Method::kGet, "/api/v1/recs/experiments/{experiment}/report", by<report_experiment>},
    RecsRoute{Method::kGet, "/api/v1/recs/personalize/filters", by<list_filters>},
    RecsRoute{Method::kPut, "/api/v1/recs/personalize/filters/{filter}", by<put_filter>},
    RecsRoute{Method::kDelete, "/api/v1/recs/personalize/filters/{filter}", by<remove_filter>},
    RecsRoute{Method::kPost, "/api/v1/recs/personalize/credentials", by<give_signing_credentials>},
};

constexpr auto kRoutes = [] {
  std::array<RecsRoute, kPageRoutes.size() + kOtherRoutes.size()> routes{};
  std::ranges::copy(kOtherRoutes, std::ranges::copy(kPageRoutes, routes.begin()).out);
  return routes;
}();

}  // namespace

std::span<const RecsRoute> recs_routes() { return kRoutes; }

std::vector<std::string_view> paths_of_pages() {
  std::vector<std::string_view> paths;
  for (const RecsRoute& route : kPageRoutes) {
    if (std::ranges::find(paths, route.pattern) == paths.end()) paths.push_back(route.pattern);
  }
  return paths;
}

std::optional<std::string> decoded_name(std::string_view encoded, net::PlusSign plus) {
  std::array<char, kEncodedMax> decoded;
  const auto name = net::percent_decode(encoded, decoded, plus);
  return name && is_name(*name) ? std::optional(std::string(*name)) : std::nullopt;
}

std::optional<std::string> name_in_path(const Call& call, size_t index) {
  auto name = decoded_name(call.parameter(index), net::PlusSign::kLiteral);
  if (name) return name;
  platform::respond_invalid(call.exchange, call.request.path(),
                            "A name has 1 to 128 bytes, and no control characters among them.");
  return std::nullopt;
}

std::optional<std::string> text_in_query(const Call& call, std::string_view name, bool& is_wrong) {
  const auto text = call.request.query_parameter(name);
  if (!text || is_wrong) return std::nullopt;
  std::string decoded(text->size(), '\0');
  const auto read = net::percent_decode(*text, decoded, net::PlusSign::kSpace);
  if (read) return std::string(*read);
  is_wrong = true;
  platform::respond_invalid(call.exchange, call.request.path(), std::string(name) + " has an escape that is none.");
  return std::nullopt;
}

bool has_caught_up(const Call& call, const platform::Follower& follower) {
  if (follower.caught_up()) return true;
  platform::respond_busy(call.exchange, call.request.path(), "catching-up",
                         "What has happened is being read from the log after a start.");
  return false;
}

void respond_item_missing(net::Exchange& exchange, std::string_view instance) {
  platform::respond_problem(exchange, instance, net::Status::kNotFound, "item-not-found", "No such item",
                            "No item has this name: PUT it, or send an event that names it.");
}

void respond_document_missing(net::Exchange& exchange, std::string_view instance) {
  platform::respond_problem(exchange, instance, net::Status::kNotFound, "document-not-found",
                            "No such rule, surface or experiment", "There is none of this name.");
}

void respond_user_missing(net::Exchange& exchange, std::string_view instance) {
  platform::respond_problem(exchange, instance, net::Status::kNotFound, "user-not-found", "No such user",
                            "Nothing is known of a user of this name.");
}

void respond_no_room(net::Exchange& exchange, std::string_view instance) {
  platform::respond_problem(exchange, instance, net::Status::kConflict, "no-room", "As many as there may be",
                            "There are as many items as there may be: raise recs.items, or use what is there.");
}

}  // namespace doorbuster::recs
