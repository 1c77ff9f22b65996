#include "sale/api/routes.h"

#include <array>

#include "sale/api/calls.h"

namespace doorbuster::sale {
namespace {

using net::Method;

constexpr std::array kRoutes = {
    ApiRoute{Method::kGet, "/api/v1/sales", list_sales},
    ApiRoute{Method::kPost, "/api/v1/sales", create_sale},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}", show_sale},
    ApiRoute{Method::kPatch, "/api/v1/sales/{sale}", change_sale},
    ApiRoute{Method::kPost, "/api/v1/sales/{sale}/pause", pause_sale},
    ApiRoute{Method::kPost, "/api/v1/sales/{sale}/resume", resume_sale},
    ApiRoute{Method::kPost, "/api/v1/sales/{sale}/close", close_sale},
    ApiRoute{Method::kPost, "/api/v1/sales/{sale}/beacon", give_beacon},
    ApiRoute{Method::kPost, "/api/v1/sales/{sale}/queue", join_queue},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/queue/{entry}", show_entry},
    ApiRoute{Method::kDelete, "/api/v1/sales/{sale}/queue/{entry}", leave_queue},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/queue/{entry}/events", watch_entry},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/queue/{entry}/receipt", show_receipt},
    ApiRoute{Method::kPost, "/api/v1/sales/{sale}/queue/{entry}/admission", admit_entry},
    ApiRoute{Method::kPost, "/api/v1/sales/{sale}/holds", reserve},
    ApiRoute{Method::kGet, "/api/v1/holds/{hold}", show_hold},
    ApiRoute{Method::kDelete, "/api/v1/holds/{hold}", release_hold},
    ApiRoute{Method::kPost, "/api/v1/holds/{hold}/payment", start_payment},
    ApiRoute{Method::kPost, "/api/v1/payments/events", take_payment_event},
    ApiRoute{Method::kGet, "/api/v1/orders/{order}", show_order},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/report", show_report},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/transcript", show_transcript},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/orders", list_orders},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/orders.csv", export_orders},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/audit", show_audit},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/audit.csv", export_audit},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/queue", list_line},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/board", show_board},
    ApiRoute{Method::kGet, "/api/v1/sales/{sale}/flow", show_flow},
    ApiRoute{Method::kPost, "/api/v1/admission-keys", rotate_admission_keys},
    ApiRoute{Method::kGet, "/.well-known/jwks.json", show_admission_keys},
    ApiRoute{Method::kGet, "/admissions/verify", check_admission},
    ApiRoute{Method::kGet, "/admissions/keep", keep_admission},
    ApiRoute{Method::kGet, "/q/{sale}", show_door},
};

}  // namespace

std::span<const ApiRoute> api_routes() { return kRoutes; }

void add_sale_routes(platform::Routes& routes, Desk& desk) {
  for (const ApiRoute& route : kRoutes)
    routes.add(route.method, route.pattern, [&desk, take = route.take](const Call& call) {
      desk.begin();
      take(desk, call);
    });
}

}  // namespace doorbuster::sale
