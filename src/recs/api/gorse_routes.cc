#include <array>

#include "recs/api/gorse_answers.h"
#include "recs/api/gorse_calls.h"

namespace doorbuster::recs {
namespace {

using net::Method;

template <auto function>
constexpr auto gorse_by = platform::take_by<function, RecsParts>;

// Its clients end paths of no category with a slash.
constexpr std::array kGorseRoutes = {
    RecsRoute{Method::kPost, "/api/v1/recs/gorse/api/item", gorse_by<put_gorse_items>},
    RecsRoute{Method::kPost, kGorseItemsPath, gorse_by<put_gorse_items>},
    RecsRoute{Method::kGet, kGorseItemsPath, gorse_by<list_gorse_items>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/item/{item}", gorse_by<show_gorse_item>},
    RecsRoute{Method::kPatch, "/api/v1/recs/gorse/api/item/{item}", gorse_by<change_gorse_item>},
    RecsRoute{Method::kDelete, "/api/v1/recs/gorse/api/item/{item}", gorse_by<remove_gorse_item>},
    RecsRoute{Method::kPut, "/api/v1/recs/gorse/api/item/{item}/category/{category}", gorse_by<add_gorse_category>},
    RecsRoute{Method::kDelete, "/api/v1/recs/gorse/api/item/{item}/category/{category}",
              gorse_by<remove_gorse_category>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/item/{item}/neighbors", gorse_by<show_gorse_neighbors>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/item/{item}/neighbors/", gorse_by<show_gorse_neighbors>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/item/{item}/neighbors/{category}", gorse_by<show_gorse_neighbors>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/item/{item}/feedback", gorse_by<refuse_gorse_call>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/item/{item}/feedback/", gorse_by<refuse_gorse_call>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/item/{item}/feedback/{type}", gorse_by<refuse_gorse_call>},
    RecsRoute{Method::kPost, "/api/v1/recs/gorse/api/user", gorse_by<put_gorse_users>},
    RecsRoute{Method::kPost, kGorseUsersPath, gorse_by<put_gorse_users>},
    RecsRoute{Method::kGet, kGorseUsersPath, gorse_by<refuse_gorse_call>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/user/{user}", gorse_by<show_gorse_user>},
    RecsRoute{Method::kPatch, "/api/v1/recs/gorse/api/user/{user}", gorse_by<change_gorse_user>},
    RecsRoute{Method::kDelete, "/api/v1/recs/gorse/api/user/{user}", gorse_by<remove_gorse_user>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/user/{user}/neighbors", gorse_by<refuse_gorse_call>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/user/{user}/neighbors/", gorse_by<refuse_gorse_call>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/user/{user}/feedback", gorse_by<list_gorse_feedback>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/user/{user}/feedback/{type}", gorse_by<list_gorse_feedback>},
    RecsRoute{Method::kPost, kGorseFeedbackPath, gorse_by<add_gorse_feedback>},
    RecsRoute{Method::kPut, kGorseFeedbackPath, gorse_by<add_gorse_feedback>},
    RecsRoute{Method::kGet, kGorseFeedbackPath, gorse_by<refuse_gorse_call>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/feedback/{type}", gorse_by<refuse_gorse_call>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/feedback/{type}/{user}/{item}", gorse_by<show_gorse_feedback>},
    RecsRoute{Method::kDelete, "/api/v1/recs/gorse/api/feedback/{type}/{user}/{item}", gorse_by<remove_gorse_feedback>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/popular", gorse_by<show_gorse_popular>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/popular/", gorse_by<show_gorse_popular>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/popular/{category}", gorse_by<show_gorse_popular>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/latest", gorse_by<show_gorse_latest>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/latest/", gorse_by<show_gorse_latest>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/latest/{category}", gorse_by<show_gorse_latest>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/recommend/{user}", gorse_by<recommend_as_gorse>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/recommend/{user}/", gorse_by<recommend_as_gorse>},
    RecsRoute{Method::kGet, "/api/v1/recs/gorse/api/recommend/{user}/{category}", gorse_by<recommend_as_gorse>},
    RecsRoute{Method::kPost, "/api/v1/recs/gorse/api/session/recommend", gorse_by<recommend_gorse_session>},
    RecsRoute{Method::kPost, "/api/v1/recs/gorse/api/session/recommend/", gorse_by<recommend_gorse_session>},
    RecsRoute{Method::kPost, "/api/v1/recs/gorse/api/session/recommend/{category}", gorse_by<recommend_gorse_session>},
};

}  // namespace

std::span<const RecsRoute> gorse_routes() { return kGorseRoutes; }

void refuse_gorse_call(const platform::Call& call, CompatCallers& callers) {
  if (!gorse_caller(call, callers)) return;
  respond_gorse_error(
      call.exchange, net::Status::kNotImplemented,
      "not answered here: the names of users are not kept, so nobody can list them or whose feedback an "
      "item has");
}

}  // namespace doorbuster::recs
