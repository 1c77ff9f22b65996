// GET /api/v1/urls/export: all links, the newest first, streamed: as rows that a bulk request takes, as a table, or as
// a map for nginx, so that links can outlive this server. GET /api/v1/users/{user}/export: all that is kept of a user.
#include <array>

#include "base/json_writer.h"
#include "links/api/link_calls.h"
#include "links/api/user_json.h"
#include "platform/api/csv.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

using platform::Call;

// Read from the store at once: a piece is some hundred kilobytes.
constexpr size_t kLinksAtOnce = 64;

enum class ExportForm : uint8_t { kRows, kTable, kNginx };
struct Format {
  std::string_view name;
  const char* content_type;
  const char* file;
  const char* head;
  const char* foot;
};
constexpr std::array kFormats = {
    Format{"ndjson", "application/x-ndjson", "links.ndjson", "", ""},
    Format{"csv", "text/csv; charset=utf-8; header=present", "links.csv",
           "short_code,short_url,long_url,title,tags,created_at,valid_since,expires_at,max_visits,redirect_status,"
           "sale,clicks,bots,clicks_by_date,more\r\n",
           ""},
    Format{"nginx", "text/plain; charset=utf-8", "links.map.conf",
           "# Short links for nginx: include this within http { }, and in a server { }\n"
           "#   if ($doorbuster_link) { return 301 $doorbuster_link; }\n"
           "# Links that are over, not valid yet, for so many visits only, taken down, or with a password, rules, "
           "variants\n"
           "# or the visitor's query are left out. Nothing is counted.\n"
           "map_hash_bucket_size 128;\nmap $uri $doorbuster_link {\n  default \"\";\n",
           "}\n"},
};

// What few links have.
void write_more(JsonWriter& json, const Link& link) {
  if (!link.external_id.empty()) json.member("external_id", link.external_id);
  if (!link.password_hash.empty()) json.member("password_hash", link.password_hash);
  if (!treats_all_alike(link)) write_routing(json, link);
}

// What a bulk request makes the same link of.
void write_row(std::string& out, const Link& link) {
  JsonWriter json(out);
  json.begin_object().member("long_url", link.long_url).member("custom_alias", code_in(link.code));
  if (!domain_in(link.code).empty()) json.member("domain", domain_in(link.code));
  json.member("created_at", link.created_at);
  if (!link.title.empty()) json.member("title", link.title);
  if (link.valid_since) json.member("valid_since", *link.valid_since);
  if (link.expires_at) json.member("expiration_date", *link.expires_at);
  if (link.visits_max) json.member("max_visits", *link.visits_max);
  if (link.redirect_status != kRedirectStatusDefault) json.member("redirect_status", link.redirect_status);
  if (!link.tags.empty()) {
    json.key("tags").begin_array();
    for (const std::string& tag : link.tags) json.value(tag);
    json.end_array();
  }
  write_more(json, link);
  json.end_object();
  out += '\n';
}

// For a table: a row that says what the table has no column for; empty where there is nothing.
std::string more_of(const Link& link) {
  if (link.external_id.empty() && link.password_hash.empty() && treats_all_alike(link)) return {};
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("long_url", link.long_url);
  write_more(json, link);
  json.end_object();
  return text;
}

// Separated by bars; one that stands in a tag has a backslash before it.
std::string joined_tags(const Link& link) {
  std::string tags;
  for (const std::string& tag : link.tags) {
    if (!tags.empty()) tags += '|';
    for (const char c : tag) {
      if (c == '|' || c == '\\') tags += '\\';
      tags += c;
    }
  }
  return tags;
}

// "2026-11-27:5:1|...": people and bots of each day in UTC.
std::string days_text(const LinkCounts& counts) {
  std::string text;
  for (const auto& [day, tally] : counts.by_time.days()) {
    text += (text.empty() ? "" : "|") + text_of(day) + ":" + std::to_string(tally.by_visitor[0]) + ":" +
            std::to_string(tally.by_visitor[1]);
  }
  return text;
}

void write_table_row(std::string& out, const Link& link, const LinkBase& base, const LinkCounts& counts) {
  const std::string tags = joined_tags(link);
  platform::CsvWriter csv(out);
  csv.field(code_in(link.code)).field(base.short_url(link)).field(link.long_url).field(link.title).field(tags);
  csv.field(link.created_at).field(link.valid_since).field(link.expires_at).field(link.visits_max);
  csv.field(link.redirect_status).field(link.sale).field(counts.total.all());
  csv.field(counts.total.by_visitor[static_cast<size_t>(Visitor::kBot)]).field(days_text(counts));
  csv.field(more_of(link)).end_row();
}

// In quotes; a dollar would begin a variable, and stands as %24, which is the same in an address.
void write_nginx_line(std::string& out, const Link& link, Timestamp now) {
  const bool is_valid = (!link.valid_since || *link.valid_since <= now) && (!link.expires_at || now < *link.expires_at);
  if (!is_valid || link.visits_max || !treats_all_alike(link)) return;
  out.append("  \"/").append(code_in(link.code)).append("\" \"");
  for (const char c : destination_of(link)) {
    if (c == '$') {
      out += "%24";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  out += "\";\n";
}

// A line for each thing that is kept of a user but for their links.
void write_user_rows(std::string& out, const User& user, const std::vector<UserKey>& keys,
                     const std::vector<Usage>& usage) {
  const auto row = [&](JsonKey name, const auto& write) {
    JsonWriter json(out);
    json.begin_object().key(name);
    write(json);
    json.end_object();
    out += '\n';
  };
  row("user", [&](JsonWriter& json) { write_user(json, user); });
  for (const UserKey& key : keys) row("key", [&](JsonWriter& json) { write_user_key(json, key); });
  for (const Usage& month : usage) {
    row("usage", [&](JsonWriter& json) {
      json.begin_object().member("month", text_of_month(month.month)).member("links", month.links).end_object();
    });
  }
}

// A head, what `write` makes of each link that `list` gives, and a foot. Where one of the two fails the answer ends in
// the middle, without the mark of its end.
template <class List, class Write>
platform::TextStream::GiveOrFail give_links(std::string head, std::string foot, List list, Write write) {
  return [head = std::move(head), foot = std::move(foot), list = std::move(list), write = std::move(write),
          before = Place()](size_t bytes, std::string& piece) mutable -> Result<bool> {
    piece += std::exchange(head, {});
    while (piece.size() < bytes) {
      const std::vector<Link> links = TRY(list(before));
      if (links.empty()) {
        piece += foot;
        return true;
      }
      for (const Link& link : links) TRY(write(piece, link));
      before = place_of(links.back());
    }
    return false;
  };
}

std::optional<ExportForm> form_asked(const Call& call) {
  const auto name = call.request.query_parameter("format").value_or("ndjson");
  for (size_t i = 0; i < kFormats.size(); ++i) {
    if (kFormats[i].name == name) return static_cast<ExportForm>(i);
  }
  platform::respond_invalid(call.exchange, call.request.path(), "format is ndjson, csv or nginx.");
  return std::nullopt;
}

}  // namespace

void export_links(const Call& call, LinkCallers& callers, const LinkStore& store, const LinkBase& base,
                  const Blocks& blocks, platform::TextStream& texts, const platform::Follower& follower,
                  const ClickCounts& counts) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto form = form_asked(call);
  if (!form) return;
  if (form == ExportForm::kTable && !has_caught_up(call, follower)) return;
  const Format& format = kFormats[static_cast<size_t>(*form)];
  const std::string disposition = std::string("attachment; filename=\"") + format.file + "\"";
  const net::Response head{.content_type = format.content_type,
                           .headers = {{"Cache-Control", "no-store"}, {"Content-Disposition", disposition}}};
  const auto named = call.request.query_parameter("link_domain");
  std::optional<std::string> on = named ? std::optional(base.named(*named)) : std::nullopt;
  if (form == ExportForm::kNginx && !on) on = "";  // the map knows no host
  auto write = [&base, &blocks, &counts, form = *form, now = call.now, on](std::string& piece,
                                                                           const Link& link) -> Result<void> {
    if (on && domain_in(link.code) != *on) return {};
    if (form == ExportForm::kRows) write_row(piece, link);
    if (form == ExportForm::kTable) {
      const auto found = TRY(counts.of(link.number));
      write_table_row(piece, link, base, found.value_or(LinkCounts()));
    }
    if (form == ExportForm::kNginx && !blocks.of(link.code, link)) write_nginx_line(piece, link, now);
    return {};
  };
  auto list = [&store, caller = *caller](const Place& before) { return links_of(caller, store, before, kLinksAtOnce); };
  texts.begin_or_fail(call.exchange, head, give_links(format.head, format.foot, std::move(list), std::move(write)));
}

void export_user(const Call& call, LinkCallers& callers, const LinkStore& store, const LinkBase& base,
                 platform::TextStream& texts) {
  const auto caller = callers.caller_of(call);
  if (!caller) return;
  const auto user = user_in_path(call, *caller, store);
  if (!user) return;
  const auto keys = store.keys_of(user->number);
  const auto usage = store.usage_of(user->number);
  if (!keys || !usage) return respond_store_failed(call, keys ? usage.error() : keys.error());
  std::string head;
  write_user_rows(head, *user, *keys, *usage);
  const net::Response response{
      .content_type = "application/x-ndjson",
      .headers = {{"Cache-Control", "no-store"}, {"Content-Disposition", "attachment; filename=\"user.ndjson\""}}};
  auto write = [&base](std::string& piece, const Link& link) -> Result<void> {
    JsonWriter json(piece);
    json.begin_object().key("link");
    write_link(json, link, base);
    json.end_object();
    piece += '\n';
    return {};
  };
  auto list = [&store, owner = user->number](const Place& before) {
    return store.list_of_owner(owner, before, kLinksAtOnce);
  };
  texts.begin_or_fail(call.exchange, response,
                      give_links(std::move(head), "{\"end\":true}\n", std::move(list), std::move(write)));
}

}  // namespace doorbuster::links
