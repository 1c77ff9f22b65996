#include "links/abuse/abuse_reports.h"

#include <algorithm>

#include "base/varint.h"

namespace doorbuster::links {
namespace {

constexpr uint8_t kReportedFormat = 1;
constexpr size_t kReportersMax = 64;

}  // namespace

std::vector<std::byte> encode_reported(const ReportedLink& reported) {
  std::vector<std::byte> out;
  ByteWriter writer(out);
  writer.integer(kReportedFormat);
  writer.integer(reported.first_at.micros());
  writer.integer(reported.last_at.micros());
  write_varint(out, reported.count);
  write_varint(out, reported.by_reason.size());
  for (const uint64_t count : reported.by_reason) write_varint(out, count);
  write_varint(out, reported.newest.size());
  for (const AbuseReport& report : reported.newest) {
    writer.integer(report.at.micros());
    writer.integer(report.reason);
    write_text(out, report.words);
  }
  return out;
}

Result<ReportedLink> decode_reported(std::string_view code, Bytes stored) {
  ByteReader reader(stored);
  const bool is_known = reader.integer<uint8_t>() == kReportedFormat;
  ReportedLink reported;
  reported.first_at = Timestamp::from_micros(reader.integer<int64_t>());
  reported.last_at = Timestamp::from_micros(reader.integer<int64_t>());
  reported.count = read_varint(reader);
  const bool has_known_reasons = read_varint(reader) == reported.by_reason.size();
  for (uint64_t& count : reported.by_reason) count = read_varint(reader);
  const uint64_t newest = read_varint(reader);
  for (uint64_t i = 0; i < newest && reader.ok(); ++i) {
    AbuseReport& report = reported.newest.emplace_back();
    report.at = Timestamp::from_micros(reader.integer<int64_t>());
    report.reason = reader.integer<uint8_t>();
    report.words = read_text(reader);
  }
  const bool are_known = std::ranges::all_of(
      reported.newest, [](const AbuseReport& report) { return report.reason < kReportReasons.size(); });
  if (is_known && has_known_reasons && are_known && reader.finished()) return reported;
  return fail(ErrorCode::kCorrupt,
              "what is reported of the link '" + std::string(code) + "' is damaged, or was stored by a later version");
}

Result<void> AbuseReports::load(const LinkStore& store) {
  std::map<std::string, Known> links;
  for (const auto& [code, stored] : TRY(store.reports()))
    links[code].reported = TRY(decode_reported(code, as_bytes(stored)));
  const std::lock_guard lock(mutex_);
  links_ = std::move(links);
  return {};
}

// The writer's thread alone changes anything, so it may look without the lock; what it changes it changes with it.
Result<bool> AbuseReports::note(LinkStore& store, const std::string& code, AbuseReport report,
                                const net::PeerAddress::Network& network) {
  const auto found = links_.find(code);
  Known known = found == links_.end() ? Known() : found->second;
  const uint64_t reporter = networks_(std::as_bytes(std::span(network)));
  if (std::ranges::find(known.reporters, reporter) != known.reporters.end()) return false;
  if (found == links_.end()) TRY(make_room(store));
  ReportedLink& reported = known.reported;
  if (reported.count++ == 0) reported.first_at = report.at;
  reported.last_at = report.at;
  ++reported.by_reason.at(report.reason);
  if (!report.words.empty()) reported.newest.insert(reported.newest.begin(), std::move(report));
  if (reported.newest.size() > kReportWordsMax) reported.newest.pop_back();
  known.reporters.push_back(reporter);
  if (known.reporters.size() > kReportersMax) known.reporters.erase(known.reporters.begin());
  TRY(store.put_report(code, std::string(as_text(encode_reported(reported)))));
  const std::lock_guard lock(mutex_);
  links_[code] = std::move(known);
  return true;
}

Result<void> AbuseReports::make_room(LinkStore& store) {
  if (links_.size() < kReportedLinksMax) return {};
  const auto least = std::ranges::min_element(
      links_, {}, [](const auto& one) { return std::pair(one.second.reported.count, one.second.reported.last_at); });
  TRY(store.put_report(least->first, std::nullopt));
  const std::lock_guard lock(mutex_);
  links_.erase(least);
  return {};
}

Result<bool> AbuseReports::dismiss(LinkStore& store, const std::string& code) {
  if (!links_.contains(code)) return false;
  TRY(store.put_report(code, std::nullopt));
  const std::lock_guard lock(mutex_);
  links_.erase(code);
  return true;
}

AbuseReports::Page AbuseReports::page(size_t offset, size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<const std::pair<const std::string, Known>*> all;
  all.reserve(links_.size());
  for (const auto& one : links_) all.push_back(&one);
  std::ranges::stable_sort(all, std::greater(), [](const auto* one) {
    return std::pair(one->second.reported.count, one->second.reported.last_at);
  });
  Page page{.total = all.size(), .links = {}};
  for (size_t i = offset; i < all.size() && page.links.size() < limit; ++i)
    page.links.emplace_back(all[i]->first, all[i]->second.reported);
  return page;
}

bool AbuseReports::has(const std::string& code) const {
  const std::lock_guard lock(mutex_);
  return links_.contains(code);
}

size_t AbuseReports::size() const {
  const std::lock_guard lock(mutex_);
  return links_.size();
}

}  // namespace doorbuster::links
