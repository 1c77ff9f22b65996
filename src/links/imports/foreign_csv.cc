// Links in tables: exports of other products, tables of their databases, and what this server itself exports. Which
// column is which, its name says, whatever its capitals, spaces, dots, dashes and underscores.
#include <algorithm>

#include "links/imports/foreign_link.h"
#include "links/views/clicks_by_time.h"
#include "net/text.h"

namespace doorbuster::links {
namespace {

// What a column may say. The first name that a product has of it stands for it.
enum Column : size_t {
  kCode,
  kShortUrl,
  kLongUrl,
  kTitle,
  kTagList,
  kDomain,
  kCreated,
  kValidSince,
  kExpires,
  kVisitsMax,
  kRedirectStatus,
  kSale,
  kClicks,
  kBots,
  kClicksByDate,
  kPassword,
  kBanned,
  kCustomUrl,
  kExpiredUrl,
  kMore,
  kColumns
};

struct ColumnName {
  std::string_view name;
  Column column;
};
constexpr std::array kColumnNames = {
    ColumnName{"shortcode", kCode},
    ColumnName{"customalias", kCode},
    ColumnName{"alias", kCode},
    ColumnName{"code", kCode},
    ColumnName{"slug", kCode},
    ColumnName{"keyword", kCode},   // YOURLS, table yourls_url
    ColumnName{"address", kCode},   // Kutt, table links
    ColumnName{"key", kCode},       // Dub
    ColumnName{"backhalf", kCode},  // Bitly
    ColumnName{"shorturl", kShortUrl},
    ColumnName{"shortlink", kShortUrl},
    ColumnName{"link", kShortUrl},
    ColumnName{"bitlink", kShortUrl},
    ColumnName{"custombitlink", kCustomUrl},
    ColumnName{"longurl", kLongUrl},
    ColumnName{"target", kLongUrl},
    ColumnName{"url", kLongUrl},
    ColumnName{"destinationurl", kLongUrl},
    ColumnName{"destination", kLongUrl},
    ColumnName{"title", kTitle},
    ColumnName{"description", kTitle},
    ColumnName{"tags", kTagList},
    ColumnName{"domain", kDomain},
    ColumnName{"createdat", kCreated},
    ColumnName{"created", kCreated},
    ColumnName{"datecreated", kCreated},
    ColumnName{"timestamp", kCreated},
    ColumnName{"validsince", kValidSince},
    ColumnName{"expiresat", kExpires},
    ColumnName{"expirationdate", kExpires},
    ColumnName{"validuntil", kExpires},
    ColumnName{"expirein", kExpires},
    ColumnName{"maxvisits", kVisitsMax},
    ColumnName{"redirectstatus", kRedirectStatus},
    ColumnName{"sale", kSale},
    ColumnName{"clicks", kClicks},
    ColumnName{"totalclicks", kClicks},
    ColumnName{"visits", kClicks},
    ColumnName{"visitcount", kClicks},
    ColumnName{"engagements", kClicks},
    ColumnName{"totalengagements", kClicks},
    ColumnName{"bots", kBots},
    ColumnName{"clicksbydate", kClicksByDate},
    ColumnName{"password", kPassword},
    ColumnName{"banned", kBanned},
    ColumnName{"expiredurl", kExpiredUrl},
    ColumnName{"more", kMore},
};

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (net::is_alphanumeric(c)) plain += net::to_lower(c);
  }
  return plain;
}

std::string_view without_spaces(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// An apostrophe before what a spreadsheet would calculate was put there by whoever wrote the table.
std::string_view without_guard(std::string_view text) {
  const bool is_guarded =
      text.size() > 1 && text[0] == '\'' && std::string_view("=+-@\t\r").find(text[1]) != std::string_view::npos;
  return is_guarded ? text.substr(1) : text;
}

Result<std::optional<uint64_t>> number_in(std::string_view text, std::string_view name) {
  if (text.empty()) return std::optional<uint64_t>();
  const auto number = net::parse_number(text);
  if (number && *number <= kImportedClicksMax) return number;
  return fail(ErrorCode::kInvalid, std::string(name) + ": '" + std::string(text.substr(0, 64)) +
                                       "' is no number up to " + std::to_string(kImportedClicksMax));
}

Result<std::optional<Timestamp>> time_in(std::string_view text, const TimeZone& zone, std::string_view name) {
  if (text.empty()) return std::optional<Timestamp>();
  const auto at = read_foreign_time(text, zone);
  if (at) return std::optional(*at);
  return fail(ErrorCode::kInvalid, std::string(name) + ": " + at.error().message);
}

bool is_set(std::string_view text) {
  const std::string plain = plain_name(text);
  return !plain.empty() && plain != "0" && plain != "f" && plain != "false" && plain != "no";
}

// Separated by bars, of which one within a tag stands behind a backslash; where there is no bar, by commas in what
// others write.
std::vector<std::string> tags_in(std::string_view text, bool is_own) {
  const bool has_bars = is_own || text.find('|') != std::string_view::npos;
  std::vector<std::string> tags(1);
  for (size_t at = 0; at < text.size(); ++at) {
    if (is_own && text[at] == '\\' && at + 1 < text.size()) {
      tags.back() += text[++at];
    } else if (text[at] == (has_bars ? '|' : ',')) {
      tags.emplace_back();
    } else {
      tags.back() += text[at];
    }
  }
  for (std::string& tag : tags) {
    if (!is_own) tag = without_spaces(tag);
  }
  std::erase(tags, "");
  return tags;
}

// "2026-11-27:5:1|2026-11-28:7:0": people and bots of each day.
Result<std::vector<ImportedDay>> days_in(std::string_view text) {
  std::vector<ImportedDay> days;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find('|'));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    const size_t first = std::min(one.find(':'), one.size());
    const size_t second = std::min(one.find(':', first + 1), one.size());
    const auto day = day_named(one.substr(0, first));
    const auto people = net::parse_number(one.substr(std::min(first + 1, one.size()), second - first - 1));
    const auto bots = net::parse_number(one.substr(std::min(second + 1, one.size())));
    const bool is_read = second < one.size() && day && people && bots && *people <= kImportedClicksMax &&
                         *bots <= kImportedClicksMax && days.size() < kImportedDaysMax;
    if (!is_read)
      return fail(ErrorCode::kInvalid,
                  "clicks_by_date: '" + std::string(one.substr(0, 64)) + "' is no day such as 2026-11-27:5:1");
    days.push_back({.day = *day, .by_visitor = {*people, *bots}});
  }
  return days;
}

// By day as far as it is known, and the rest without one.
Result<void> add_clicks(uint64_t clicks, uint64_t bots, std::string_view by_date, ForeignLink& link) {
  link.clicks = TRY(days_in(by_date));
  std::array<uint64_t, 2> known{};
  for (const ImportedDay& day : link.clicks) {
    for (size_t i = 0; i < known.size(); ++i) known[i] += day.by_visitor[i];
  }
  bots = std::min(bots, clicks);
  const uint64_t people = clicks - bots;
  const ImportedDay rest{.by_visitor = {people - std::min(people, known[0]), bots - std::min(bots, known[1])}};
  if (rest.all() > 0) link.clicks.push_back(rest);
  return {};
}

}  // namespace

Result<ForeignColumns> ForeignColumns::of(Product product, const std::vector<std::string>& names) {
  static_assert(kColumns == kMost);
  ForeignColumns columns;
  columns.product_ = product;
  columns.columns_ = names.size();
  for (size_t i = 0; i < names.size(); ++i) {
    const auto found = std::ranges::find(kColumnNames, plain_name(names[i]), &ColumnName::name);
    if (found == kColumnNames.end()) continue;
    // Where two columns would say the same, the first does.
    auto& at = columns.at_[found->column];
    if (!at) at = i;
  }
  const bool has_code = columns.at_[kCode] || columns.at_[kShortUrl] || columns.at_[kCustomUrl];
  if (columns.at_[kLongUrl] && has_code) return columns;
  std::string said;
  for (const std::string& name : names) said += (said.empty() ? "" : ", ") + name.substr(0, 64);
  return fail(ErrorCode::kInvalid, std::string("the table's first line has to name its columns, ") +
                                       (has_code ? "one for the long URL" : "one for the code or the short URL") +
                                       " among them; it says: " + said.substr(0, 512));
}

std::string_view ForeignColumns::field(const std::vector<std::string>& fields, size_t column) const {
  if (!at_[column]) return {};
  const std::string_view text = without_spaces(fields[*at_[column]]);
  return text == "\\N" || text == "NULL" ? std::string_view() : text;  // as databases write what is not there
}

Result<ForeignLink> ForeignColumns::read(const std::vector<std::string>& fields, const TimeZone& zone) const {
  if (fields.size() != columns_) {
    return fail(ErrorCode::kInvalid, "there are " + std::to_string(fields.size()) + " fields in it, and " +
                                         std::to_string(columns_) + " columns");
  }
  const bool is_own = product_ == Product::kCsv;
  ForeignLink link;
  link.long_url = field(fields, kLongUrl);
  const std::string_view short_url = field(fields, kShortUrl);
  const std::string_view custom_url = field(fields, kCustomUrl);
  const ShortUrlParts parts = parts_of_short_url(custom_url.empty() ? short_url : custom_url);
  const std::string_view code = at_[kCode] ? without_spaces(fields[*at_[kCode]]) : parts.code;
  link.code = is_own ? without_guard(code) : code;
  if (!custom_url.empty() && !short_url.empty() && !at_[kCode]) {
    const std::string_view other = parts_of_short_url(short_url).code;
    if (other != link.code) link.more_codes.emplace_back(other);
  }
  link.domain = parts.domain;
  if (const std::string_view domain = field(fields, kDomain); !domain.empty())
    link.domain = parts_of_short_url(domain).domain;
  if (at_[kTitle]) link.title = is_own ? without_guard(fields[*at_[kTitle]]) : field(fields, kTitle);
  const std::string_view tags = field(fields, kTagList);
  link.tags = tags_in(is_own ? without_guard(tags) : tags, is_own);
  link.created_at = TRY(time_in(field(fields, kCreated), zone, "the date it was made"));
  link.valid_since = TRY(time_in(field(fields, kValidSince), zone, "valid_since"));
  link.expires_at = TRY(time_in(field(fields, kExpires), zone, "the date it expires"));
  link.visits_max = TRY(number_in(field(fields, kVisitsMax), "max_visits"));
  if (const auto status = TRY(number_in(field(fields, kRedirectStatus), "redirect_status")))
    link.redirect_status = static_cast<uint16_t>(std::min<uint64_t>(*status, UINT16_MAX));
  const uint64_t clicks = TRY(number_in(field(fields, kClicks), "the clicks")).value_or(0);
  const uint64_t bots = TRY(number_in(field(fields, kBots), "the bots")).value_or(0);
  TRY(add_clicks(clicks, bots, field(fields, kClicksByDate), link));
  link.visits_used = clicks - std::min(bots, clicks);
  link.is_banned = is_set(field(fields, kBanned));
  if (!field(fields, kPassword).empty() && is_set(field(fields, kPassword))) link.lacks.push_back(Lack::kPassword);
  if (!field(fields, kSale).empty()) link.lacks.push_back(Lack::kSale);
  if (is_own && !field(fields, kMore).empty()) link.row = field(fields, kMore);
  if (!field(fields, kExpiredUrl).empty()) link.lacks.push_back(Lack::kExpiredUrl);
  return link;
}

}  // namespace doorbuster::links
