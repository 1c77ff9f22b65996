#include "sale/api/routes.h"

#include <array>

#include "sale/api/calls.h"

namespace doorbuster::sale {
namespace {

using net::Method;

template <auto function>
constexpr auto by = platform::take_by<function, SaleParts>;

constexpr std::array kRoutes = {
    SaleRoute{Method::kGet, "/api/v1/sales", by<list_sales>},
    SaleRoute{Method::kPost, "/api/v1/sales", by<create_sale>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}", by<show_sale>},
    SaleRoute{Method::kPatch, "/api/v1/sales/{sale}", by<change_sale>},
    SaleRoute{Method::kPost, "/api/v1/sales/{sale}/pause", by<pause_sale>},
    SaleRoute{Method::kPost, "/api/v1/sales/{sale}/resume", by<resume_sale>},
    SaleRoute{Method::kPost, "/api/v1/sales/{sale}/close", by<close_sale>},
    SaleRoute{Method::kPost, "/api/v1/sales/{sale}/beacon", by<give_beacon>},
    SaleRoute{Method::kPost, "/api/v1/sales/{sale}/queue", by<join_queue>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/queue/{entry}", by<show_entry>},
    SaleRoute{Method::kDelete, "/api/v1/sales/{sale}/queue/{entry}", by<leave_queue>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/queue/{entry}/events", by<watch_entry>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/queue/{entry}/receipt", by<show_receipt>},
    SaleRoute{Method::kPost, "/api/v1/sales/{sale}/queue/{entry}/admission", by<admit_entry>},
    SaleRoute{Method::kPost, "/api/v1/sales/{sale}/holds", by<reserve>},
    SaleRoute{Method::kGet, "/api/v1/holds/{hold}", by<show_hold>},
    SaleRoute{Method::kDelete, "/api/v1/holds/{hold}", by<release_hold>},
    SaleRoute{Method::kPost, "/api/v1/holds/{hold}/payment", by<start_payment>},
    SaleRoute{Method::kPost, "/api/v1/payments/events", by<take_payment_event>},
    SaleRoute{Method::kGet, "/api/v1/orders/{order}", by<show_order>},
    SaleRoute{Method::kGet, "/api/v1/archived-sales", by<list_archived_sales>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/report", by<show_report>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/transcript", by<show_transcript>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/orders", by<list_orders>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/orders.csv", by<export_orders>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/audit", by<show_audit>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/audit.csv", by<export_audit>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/queue", by<list_line>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/board", by<show_board>},
    SaleRoute{Method::kGet, "/api/v1/sales/{sale}/flow", by<show_flow>},
    SaleRoute{Method::kPost, "/api/v1/admission-keys", by<rotate_admission_keys>},
    SaleRoute{Method::kGet, "/.well-known/jwks.json", by<show_admission_keys>},
    SaleRoute{Method::kGet, "/admissions/verify", by<check_admission>},
    SaleRoute{Method::kGet, "/admissions/keep", by<keep_admission>},
    SaleRoute{Method::kGet, "/q/{sale}", by<show_door>},
};

}  // namespace

std::span<const SaleRoute> sale_routes() { return kRoutes; }

}  // namespace doorbuster::sale
