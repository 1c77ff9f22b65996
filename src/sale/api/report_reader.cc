#include "sale/api/report_reader.h"

#include "platform/api/problems.h"

namespace doorbuster::sale {

bool can_show(const Call& call, const AllViews& views, SaleNumber sale) {
  const auto refuse = [&call](std::string_view slug, std::string_view why) {
    platform::respond_busy(call.exchange, call.request.path(), slug, why);
    return false;
  };
  if (!views.caught_up()) return refuse("catching-up", "The reports are being rebuilt from the log after a start.");
  switch (views.of(sale).archived().prepare(sale)) {
    case ArchivedSales::Ready::kYes:
      return true;
    case ArchivedSales::Ready::kSoon:
      return refuse("reading-archive", "The sale is archived, and is being read.");
    case ArchivedSales::Ready::kLost:
      respond_archive_lost(call);
      return false;
  }
  return false;
}

const Listing* sale_for_report(const Call& call, RequestReader& reader, const AllViews& views) {
  if (!reader.operator_of(call)) return nullptr;
  const Listing* listing = reader.sale_of(call);
  return listing != nullptr && can_show(call, views, listing->number) ? listing : nullptr;
}

std::optional<ReportReader> reader_of_report(const Call& call, RequestReader& reader, const ReportTokens& tokens,
                                             const AllViews& views) {
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
  if (!is_over(listing->status())) {
    return refuse(net::Status::kConflict, "sale-not-over", "The sale is not over yet",
                  "Its report can be read by this link once every unit is sold or the sale is closed.");
  }
  return can_show(call, views, listing->number) ? std::optional(ReportReader{*listing, false}) : std::nullopt;
}

bool is_over(const PublicStatus& status) {
  return status.state == SaleState::kClosed || (status.units > 0 && status.sold == status.units);
}

}  // namespace doorbuster::sale
