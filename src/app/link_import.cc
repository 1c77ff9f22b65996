#include "app/link_import.h"

#include <cstdio>
#include <map>
#include <vector>

#include "base/json.h"
#include "demo/demo_http.h"

namespace doorbuster::app {
namespace {

constexpr size_t kReadBytes = 65'536;
constexpr size_t kPageBytesMax = size_t{8} << 20;
constexpr size_t kAnswerBytesMax = size_t{4} << 20;
constexpr size_t kWarningsMax = 100;  // that are told apart

struct Totals {
  uint64_t rows = 0;
  uint64_t created = 0;
  uint64_t already_there = 0;
  uint64_t refused = 0;
  uint64_t conflicts = 0;
  uint64_t left_out = 0;
  uint64_t clicks = 0;
  std::map<std::string, uint64_t> domains = {};
  std::map<std::string, uint64_t> warnings = {};
};

void count(std::map<std::string, uint64_t>& counts, std::string_view name, uint64_t more) {
  constexpr std::string_view kOthers = "(others)";
  const bool is_full = counts.size() >= kWarningsMax && !counts.contains(std::string(name));
  counts[std::string(is_full ? kOthers : name)] += more;
}

std::string target_of(const LinkImportOptions& options) {
  std::string target = "/api/v1/urls/import?format=";
  target += links::kProductNames[static_cast<size_t>(options.product)];
  target += "&tz=" + options.zone;
  if (options.is_dry_run) target += "&dry_run=true";
  if (!options.domain.empty()) target += "&domain=" + options.domain;
  if (options.takes_open) target += "&allow=without-password";
  return target;
}

class PageSender {
 public:
  explicit PageSender(const LinkImportOptions& options)
      : options_(options), target_(target_of(options)), http_(options.server) {}

  // The names of a table's columns; null where it is none.
  [[nodiscard]] Result<void> add(const links::ImportRow& row, const CsvRecord* head) {
    if (rows_ == 0) body_ = head == nullptr ? "[" : head->text + "\n";
    if (rows_ > 0 && head == nullptr) body_ += ',';
    body_ += row.text;
    if (head != nullptr) body_ += '\n';
    is_table_ = head != nullptr;
    ++rows_;
    return rows_ == options_.page || body_.size() > kPageBytesMax ? send() : Result<void>();
  }
  [[nodiscard]] Result<void> send() {
    if (rows_ == 0) return {};
    if (!is_table_) body_ += ']';
    const demo::DemoAnswer answer =
        TRY(http_.call({.method = "POST", .path = target_, .bearer = options_.key, .body = std::move(body_)}));
    if (answer.status != 200) {
      return fail(ErrorCode::kInvalid, "links from number " + std::to_string(totals_.rows) +
                                           " on: " + words_of_problem(answer) +
                                           ". Those before them are done: send the file "
                                           "again to go on");
    }
    TRY(take(answer.body));
    body_.clear();
    rows_ = 0;
    return {};
  }
  [[nodiscard]] const Totals& totals() const { return totals_; }

 private:
  [[nodiscard]] Result<void> take(std::string_view answer) {
    JsonDocument document(answer, {.max_bytes = kAnswerBytesMax});
    const JsonObject root = document.root();
    const auto number = [](const JsonObject& object, std::string_view name) {
      return static_cast<uint64_t>(object.required(name).integer({.min = 0}));
    };
    root.required("results").array(size_t{4} * kImportPageMax).each([&](const JsonValue& value) {
      show(value.object(), number(value.object(), "row"));
    });
    totals_.rows += number(root, "rows");
    totals_.created += number(root, "created");
    totals_.already_there += number(root, "already_there");
    totals_.refused += number(root, "refused");
    totals_.conflicts += number(root, "conflicts");
    totals_.left_out += number(root, "left_out");
    totals_.clicks += number(root, "clicks");
    root.required("domains").object().each([&](std::string_view domain, const JsonValue& rows) {
      count(totals_.domains, domain, static_cast<uint64_t>(rows.integer({.min = 0})));
    });
    return document.finish(JsonUnknown::kAllowed);
  }
  // One line of a link that is not taken; what is not taken of a link is counted.
  void show(const JsonObject& result, uint64_t row) {
    const std::string detail(result.optional("detail").string({.max_bytes = kReadBytes}));
    const std::string code(result.optional("short_code").string());
    if (!detail.empty()) {
      std::printf("link %llu%s: %s\n", static_cast<unsigned long long>(totals_.rows + row),
                  code.empty() ? "" : (" (" + code + ")").c_str(), detail.c_str());
    }
    result.optional("warnings").array(kImportPageMax).each([&](const JsonValue& warning) {
      count(totals_.warnings, warning.string(), 1);
    });
  }

  const LinkImportOptions& options_;
  const std::string target_;
  demo::DemoHttp http_;
  std::string body_;
  size_t rows_ = 0;  // in it
  bool is_table_ = false;
  Totals totals_;
};

void print(const Totals& totals, bool is_dry_run) {
  const auto say = [](const char* what, uint64_t number) {
    std::printf("  %-16s %llu\n", what, static_cast<unsigned long long>(number));
  };
  std::puts(is_dry_run ? "What would come of it:" : "What came of it:");
  say("links", totals.rows);
  say(is_dry_run ? "would be made" : "made", totals.created);
  say("already there", totals.already_there);
  say("refused", totals.refused);
  say("conflicts", totals.conflicts);
  if (totals.left_out > 0) say("of other domains", totals.left_out);
  say("clicks", totals.clicks);
  for (const auto& [domain, rows] : totals.domains)
    std::printf("  of %s: %llu\n", domain.empty() ? "no domain" : domain.c_str(),
                static_cast<unsigned long long>(rows));
  for (const auto& [warning, links] : totals.warnings)
    std::printf("  %llu times: %s\n", static_cast<unsigned long long>(links), warning.c_str());
}

}  // namespace

Result<void> import_links_of(std::istream& file, const LinkImportOptions& options) {
  PageSender sender(options);
  Result<void> sent;
  std::vector<links::ImportRow> rows;
  links::ImportRows reader(options.product, [&](links::ImportRow&& row) { rows.push_back(std::move(row)); });
  std::string piece(kReadBytes, '\0');
  const auto send_found = [&] {
    for (const links::ImportRow& row : rows) {
      if (sent) sent = sender.add(row, reader.head());
    }
    rows.clear();
  };
  Result<void> read;
  while (read && sent && file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    read = reader.feed(std::string_view(piece).substr(0, static_cast<size_t>(file.gcount())));
    send_found();
  }
  if (read && sent) read = reader.finish();
  send_found();
  if (sent) sent = sender.send();
  print(sender.totals(), options.is_dry_run);
  TRY(std::move(sent));
  TRY(std::move(read));
  const uint64_t not_taken = sender.totals().refused + sender.totals().conflicts;
  if (not_taken == 0) return {};
  return fail(ErrorCode::kConflict, std::to_string(not_taken) + " links are not taken: see above");
}

}  // namespace doorbuster::app
