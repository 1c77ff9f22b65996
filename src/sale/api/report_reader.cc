#include "sale/api/report_reader.h"

#include "platform/api/problems.h"

namespace doorbuster::sale {

bool has_caught_up(const Call& call, const AllViews& views) {
  if (views.caught_up()) return true;
  platform::respond_busy(call.exchange, call.request.path(), "catching-up",
                         "The reports are being rebuilt from the log after a start.");
  return false;
}

const Listing* sale_for_report(const Call& call, RequestReader& reader, const AllViews& views) {
  if (!reader.operator_of(call)) return nullptr;
  const Listing* listing = reader.sale_of(call);
  return listing != nullptr && has_caught_up(call, views) ? listing : nullptr;
}

std::optional<ReportReader> reader_of_report(const Call& call, RequestReader& reader, const SaleCatalog& catalog,
                                             const ReportTokens& tokens, const AllViews& views) {
  const auto token = call.request.query_parameter("share");
  if (!token) {
    const Listing* listing = sale_for_report(call, reader, views);
    return listing == nullptr ? std::nullopt : std::optional(ReportReader{*listing, true});
  }
  const Listing* listing = reader.sale_of(call);
  if (listing == nullptr) return std::nullopt;
  const auto refuse = [&](net::Status status, std::string_view slug, std::string_view title, std::string_view why) {
    platform::respond_problem(call.exchange, call.request.path(), status, slug, title, why);
    return std::optional<ReportReader>();
  };
  if (!tokens.fits(*token, listing->number)) {
    return refuse(net::Status::kForbidden, "link-refused", "This link is not good",
                  "It is not of this sale's report, or was cut short. Ask whoever sent it for the whole link.");
  }
  if (!is_over(catalog.status(listing->number))) {
    return refuse(net::Status::kConflict, "sale-not-over", "The sale is not over yet",
                  "Its report can be read by this link once every unit is sold or the sale is closed.");
  }
  return has_caught_up(call, views) ? std::optional(ReportReader{*listing, false}) : std::nullopt;
}

bool is_over(const PublicStatus& status) {
  return status.state == SaleState::kClosed || (status.units > 0 && status.sold == status.units);
}

}  // namespace doorbuster::sale
