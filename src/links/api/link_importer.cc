#include "links/api/link_importer.h"

#include <algorithm>

#include "links/api/alias.h"
#include "links/views/clicks_by_time.h"

namespace doorbuster::links {
namespace {

// Read before somebody looks whether it is too much.
constexpr size_t kPieceBytes = 65'536;
// Put into the log by one command.
constexpr size_t kDaysACommand = 100'000;

uint64_t clicks_of(const ImportedClicks& clicks) {
  uint64_t all = 0;
  for (const ImportedDay& day : clicks.days) all += day.all();
  return all;
}

// With days that have not come yet, or before time began, as if nobody knew when.
ImportedClicks clicks_to_record(const ForeignLink& foreign, Timestamp now) {
  ImportedClicks clicks{.visits_used = foreign.visits_max ? foreign.visits_used : 0, .days = foreign.clicks};
  for (ImportedDay& day : clicks.days) {
    if (day.day < 0 || day.day > day_of(now)) day.day = ImportedDay::kNoDay;
  }
  return clicks;
}

}  // namespace

BulkAnswer LinkImporter::take(const BulkRequest& request) {
  const auto rows = read(request);
  if (!rows) {
    return problem_of(request, net::Status::kBadRequest, "invalid-request", "The request can't be understood",
                      rows.error().message);
  }
  Plan plan;
  plan.report.rows = rows->size();
  for (size_t row = 0; row < rows->size(); ++row) {
    if (const auto planned = plan_row(request, row, (*rows)[row], plan); !planned)
      return unavailable(request, planned.error().message);
  }
  std::vector<uint64_t> clicks(plan.clicks.size());
  std::ranges::transform(plan.clicks, clicks.begin(), clicks_of);
  const ImportAsked& asked = *request.import;
  const auto report = [&](std::span<const Change> claims) {
    return write_report(plan.report, asked.product, asked.is_dry_run, claims, clicks);
  };
  if (asked.is_dry_run) return {.status = net::Status::kOk, .json = report(plan.claims)};
  if (const auto recorded = record(plan); !recorded)
    return unavailable(request, "Nothing was taken: " + recorded.error().message);
  Together together{.changes = plan.claims};
  if (request.idempotency.key != 0) {
    together.note = [&](std::span<const Change> claims) {
      return Note{.key = request.idempotency.key,
                  .fingerprint = request.idempotency.fingerprint,
                  .at = request.now,
                  .answer = report(claims)};
    };
  }
  if (const auto done = writer_.change_together(together, request.now - kRemembered); !done) {
    return unavailable(request, "The store of links can't say whether the links were taken (" + done.error().message +
                                    "): send the same again once the server has been started again.");
  }
  created_.add(static_cast<uint64_t>(std::ranges::count(plan.claims, Change::Outcome::kDone, &Change::outcome)));
  return {.status = net::Status::kOk, .json = report(plan.claims)};
}

Result<std::vector<Result<ForeignLink>>> LinkImporter::read(const BulkRequest& request) const {
  const ImportAsked& asked = *request.import;
  std::vector<ImportRow> rows;
  ImportRows reader(asked.product, [&](ImportRow&& row) { rows.push_back(std::move(row)); });
  for (std::string_view rest = request.body; !rest.empty(); rest.remove_prefix(std::min(kPieceBytes, rest.size()))) {
    TRY(reader.feed(rest.substr(0, kPieceBytes)));
    if (rows.size() > kBulkRowsMax) {
      return fail(ErrorCode::kInvalid, "there may be " + std::to_string(kBulkRowsMax) +
                                           " links in a request: `doorbuster links import` sends a file in several");
    }
  }
  TRY(reader.finish());
  std::optional<ForeignColumns> columns;
  if (const CsvRecord* head = reader.head()) columns = TRY(ForeignColumns::of(asked.product, head->fields));
  std::vector<Result<ForeignLink>> links;
  links.reserve(rows.size());
  for (const ImportRow& row : rows)
    links.push_back(columns ? columns->read(row.fields, asked.zone)
                            : read_foreign_json(asked.product, row.text, asked.zone));
  return links;
}

// An error is the store's.
Result<void> LinkImporter::plan_row(const BulkRequest& request, size_t row, const Result<ForeignLink>& read,
                                    Plan& plan) const {
  const ImportAsked& asked = *request.import;
  const auto refuse = [&](std::string code, std::string why) {
    plan.report.entries.push_back(
        {.row = row, .code = std::move(code), .verdict = ImportReport::Verdict::kRefused, .detail = std::move(why)});
  };
  if (!read) {
    refuse({}, read.error().message);
    return {};
  }
  plan.report.note_domain(read->domain);
  if (!asked.domain.empty() && read->domain != asked.domain) {
    ++plan.report.left_out;
    return {};
  }
  ForeignLink foreign = *read;
  // Links of a domain that is served here stay on it, and all others come to the default one.
  const std::string domain = base_.served(read->domain).value_or("");
  std::vector<std::string> codes = std::exchange(foreign.more_codes, {});
  codes.insert(codes.begin(), foreign.code);
  for (std::string& code : codes) {
    foreign.code = std::move(code);
    auto imported = imported_link_of(foreign, base_, request.now, asked.takes_open);
    if (imported) imported->link.code = code_on(domain, imported->link.code);
    const auto block = imported ? blocks_.of(imported->link.code, imported->link) : std::nullopt;
    if (!imported || block) {
      refuse(has_form_of_code(foreign.code) ? foreign.code : std::string(),
             imported ? "the link " + block->what : imported.error().message);
    } else {
      TRY(plan_code(row, *std::move(imported), clicks_to_record(foreign, request.now), plan));
    }
    foreign.clicks.clear();  // its first code has brought them
  }
  return {};
}

Result<void> LinkImporter::plan_code(size_t row, ImportedLink imported, ImportedClicks clicks, Plan& plan) const {
  const Link& link = imported.link;
  ImportReport::Entry entry{.row = row, .code = link.code, .warnings = std::move(imported.warnings)};
  const auto planned = plan.by_code.find(link.code);
  std::optional<Link> there;
  if (planned != plan.by_code.end()) {
    there = plan.claims[planned->second].link;
  } else {
    there = TRY(store_.find(link.code));
  }
  if (!there) {
    entry.claim = plan.claims.size();
    plan.by_code.emplace(link.code, entry.claim);
    plan.clicks.push_back(std::move(clicks));
    plan.claims.push_back({.kind = Change::Kind::kClaim, .link = std::move(imported.link)});
  } else if (there->long_url == link.long_url) {
    entry.verdict = ImportReport::Verdict::kThere;
    entry.warnings.clear();
  } else {
    entry.verdict = ImportReport::Verdict::kConflict;
    entry.detail = "a link with this code leads to " + there->long_url;
  }
  plan.report.entries.push_back(std::move(entry));
  return {};
}

// Numbers for the claims, and their counts in the log.
Result<void> LinkImporter::record(Plan& plan) {
  if (plan.claims.empty()) return {};
  const auto count = static_cast<uint32_t>(plan.claims.size());
  uint64_t number = TRY(line_.ask(ReserveNumbers{.count = count})).first_number;
  RecordImports command;
  size_t days = 0;
  for (size_t i = 0; i < plan.claims.size(); ++i) {
    ImportedClicks& clicks = plan.clicks[i];
    plan.claims[i].link.number = clicks.link = number++;
    if (clicks.days.empty() && clicks.visits_used == 0) continue;
    days += clicks.days.size();
    command.links.push_back(std::move(clicks));
    if (days < kDaysACommand) continue;
    TRY(line_.ask(std::exchange(command, {})));
    days = 0;
  }
  if (!command.links.empty()) TRY(line_.ask(std::move(command)));
  return {};
}

}  // namespace doorbuster::links
