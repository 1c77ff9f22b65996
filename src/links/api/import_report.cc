#include "links/api/import_report.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "links/api/link_json.h"

namespace doorbuster::links {
namespace {

using Verdict = ImportReport::Verdict;

// By verdict; of a link whose code went to another one in the moment between, as of one that had it before.
Verdict verdict_of(const ImportReport::Entry& entry, std::span<const Change> claims) {
  if (entry.verdict != Verdict::kTaken) return entry.verdict;
  return claims[entry.claim].outcome == Change::Outcome::kDone ? Verdict::kTaken : Verdict::kConflict;
}

int status_of(Verdict verdict, bool is_dry_run) {
  switch (verdict) {
    case Verdict::kTaken:
      return is_dry_run ? 200 : 201;
    case Verdict::kThere:
      return 200;
    case Verdict::kRefused:
      return 400;
    case Verdict::kConflict:
      return 409;
  }
  return 0;
}

void write_entry(JsonWriter& json, const ImportReport::Entry& entry, Verdict verdict, bool is_dry_run) {
  json.begin_object().member("row", entry.row).member("status", status_of(verdict, is_dry_run));
  if (!entry.code.empty()) write_name(json, entry.code);
  const bool was_late = verdict == Verdict::kConflict && entry.verdict == Verdict::kTaken;
  if (was_late) json.member("detail", "somebody else got this code at the same moment");
  if (!entry.detail.empty()) json.member("detail", entry.detail);
  json.key("warnings").begin_array();
  for (const std::string& warning : entry.warnings) json.value(warning);
  json.end_array().end_object();
}

}  // namespace

void ImportReport::note_domain(const std::string& domain) {
  if (domains.size() == kDomainsMax && !domains.contains(domain)) {
    ++other_domains;
  } else {
    ++domains[domain];
  }
}

std::string write_report(const ImportReport& report, Product product, bool is_dry_run, std::span<const Change> claims,
                         std::span<const uint64_t> clicks) {
  std::array<size_t, 4> counts{};
  uint64_t clicks_taken = 0;
  for (const ImportReport::Entry& entry : report.entries) {
    const Verdict verdict = verdict_of(entry, claims);
    ++counts[static_cast<size_t>(verdict)];
    if (verdict == Verdict::kTaken) clicks_taken += clicks[entry.claim];
  }
  const auto count_of = [&](Verdict verdict) { return counts[static_cast<size_t>(verdict)]; };
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("format", kProductNames[static_cast<size_t>(product)]).member("dry_run", is_dry_run);
  json.member("rows", report.rows).member("created", count_of(Verdict::kTaken));
  json.member("already_there", count_of(Verdict::kThere)).member("refused", count_of(Verdict::kRefused));
  json.member("conflicts", count_of(Verdict::kConflict)).member("left_out", report.left_out);
  json.member("clicks", clicks_taken).key("domains").begin_object();
  for (const auto& [domain, rows] : report.domains) json.dynamic_key(domain).value(rows);
  json.end_object().member("other_domains", report.other_domains).key("results").begin_array();
  for (const ImportReport::Entry& entry : report.entries) {
    const Verdict verdict = verdict_of(entry, claims);
    const bool is_plain = verdict == Verdict::kTaken || verdict == Verdict::kThere;
    if (!is_plain || !entry.warnings.empty()) write_entry(json, entry, verdict, is_dry_run);
  }
  json.end_array().end_object();
  return text;
}

}  // namespace doorbuster::links
