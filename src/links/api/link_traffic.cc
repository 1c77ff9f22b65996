#include "links/api/link_traffic.h"

#include <algorithm>

namespace doorbuster::links {

size_t LinkTraffic::index_of(Country country) {
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!is_letter(country[0]) || !is_letter(country[1])) return kCountries;
  return static_cast<size_t>(country[0] - 'A') * 26 + static_cast<size_t>(country[1] - 'A');
}

Country LinkTraffic::country_at(size_t index) {
  return {static_cast<char>('A' + index / 26), static_cast<char>('A' + index % 26)};
}

void LinkTraffic::note_sent_on(Timestamp since) {
  note(VisitResult::kSentOn);
  latency_.record(static_cast<uint64_t>(std::max<int64_t>((clock_.now() - since).micros(), 0)));
}

void LinkTraffic::note_click(Country country, std::string_view domain, Timestamp now) {
  const size_t index = index_of(country);
  if (index < kCountries) countries_[index].add();
  clicked_.note(domain, now);
}

void LinkTraffic::note_unknown(std::string_view code, Timestamp now) {
  note(VisitResult::kUnknown);
  unknown_.note(code, now);
}

void AllTraffic::add_metrics(ops::Metrics& metrics) const {
  metrics.counters("doorbuster_links_visits_total",
                   "Visits of short links, and requests for previews and QR codes of links that are not shown, by what "
                   "became of them: sent on, unknown, over, blocked, refused as too many were unknown, or failed.",
                   [this](ops::Series& series) {
                     for (size_t i = 0; i < kVisitResultNames.size(); ++i) {
                       uint64_t sum = 0;
                       for (const LinkTraffic* part : parts_) sum += part->results(static_cast<VisitResult>(i));
                       series.add({{"result", kVisitResultNames[i]}}, sum);
                     }
                   });
  metrics.histograms("doorbuster_links_redirect_seconds",
                     "Time from when a visitor's request is taken up to the redirect.", [this](ops::Series& series) {
                       ops::Distribution all;
                       for (const LinkTraffic* part : parts_) all.add(part->latency());
                       series.add({}, all, ops::kLatency);
                     });
  metrics.counters("doorbuster_links_clicks_by_country_total",
                   "Clicks since the start by country (ISO 3166-1; ZZ where nobody knows it), of countries that there "
                   "were any from.",
                   [this](ops::Series& series) {
                     for (size_t i = 0; i < LinkTraffic::kCountries; ++i) {
                       uint64_t sum = 0;
                       for (const LinkTraffic* part : parts_) sum += part->clicks_from(i);
                       const Country country = LinkTraffic::country_at(i);
                       if (sum > 0) series.add({{"country", {country.data(), country.size()}}}, sum);
                     }
                   });
}

}  // namespace doorbuster::links
