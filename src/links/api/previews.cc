// What stands beside a short link: where it leads (GET /{code}+), and its QR code (GET /{code}.qr). Neither counts as a
// visit.
#include <charconv>
#include <set>

#include "links/api/alias.h"
#include "links/api/link_calls.h"
#include "links/api/qr_code.h"
#include "net/authority.h"
#include "platform/api/plain_page.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using platform::Call;
using platform::html_escaped;

constexpr uint32_t kScaleDefault = 8;
constexpr uint32_t kScaleMax = 32;

struct QrAsked {
  bool is_png = false;
  uint32_t scale = kScaleDefault;
  QrLevel level = QrLevel::kM;
};

// By `format` (svg, png), `scale` (pixels a module) and `level` (L, M, Q, H) in the query. Answers 400 and returns
// nothing if one of them is anything else.
std::optional<QrAsked> qr_asked(const Call& call) {
  QrAsked asked;
  const auto format = call.request.query_parameter("format").value_or("svg");
  const auto level = call.request.query_parameter("level").value_or("M");
  const auto* const named = std::ranges::find(kQrLevelNames, level);
  const auto scale = platform::number_in_query(call, "scale", kScaleDefault, kScaleMax);
  if (!scale) return std::nullopt;
  if ((format != "svg" && format != "png") || named == kQrLevelNames.end() || *scale == 0) {
    platform::respond_invalid(call.exchange, call.request.path(),
                              "format is svg or png, scale 1 to 32 pixels a module, and level L, M, Q or H.");
    return std::nullopt;
  }
  asked.is_png = format == "png";
  asked.scale = static_cast<uint32_t>(*scale);
  asked.level = static_cast<QrLevel>(named - kQrLevelNames.begin());
  return asked;
}

// Behind the short address. With a password nothing is told of it to those who may not know it.
std::string where_it_leads(const Link& link, const Routing* routing) {
  if (!link.password_hash.empty()) return " has a password: where it leads is told to those who know it.";
  const std::string destination = destination_of(link);
  std::string html = " leads to <strong>" + html_escaped(net::authority_of(destination)) +
                     "</strong>:</p><p><a rel=\"noreferrer\" href=\"" + html_escaped(destination) + "\">" +
                     html_escaped(destination) + "</a>";
  std::set<std::string> others;
  for (const Variant& variant : link.variants) others.emplace(net::authority_of(variant.long_url));
  if (routing != nullptr) {
    for (const LinkRule& rule : routing->rules()) others.emplace(net::authority_of(rule.long_url()));
  }
  if (others.empty()) return html;
  html += "</p><p>Some visitors are led elsewhere, by their device or language, for instance, or by chance:";
  for (const std::string& host : others) html += " <strong>" + html_escaped(host) + "</strong>";
  return html;
}

// A mailbox is told in the subject which link it is.
std::string outer_report_link(const LinkBase& base, const Link& link) {
  if (base.report_abuse().empty()) return {};
  std::string address = base.report_abuse();
  if (address.starts_with("mailto:")) {
    address += "?subject=";
    for (const char c : base.short_url(link)) address += c == '/' ? std::string("%2F") : std::string(1, c);
  }
  return "</p><p><a rel=\"nofollow\" href=\"" + html_escaped(address) + "\">Report abuse</a>";
}

}  // namespace

void show_preview(const Call& call, std::string_view code, const LinkBase& base, LinkLookup& links) {
  const LinkCache::Known* const known = links.find(call, code);
  if (known == nullptr) return;
  const Link& link = known->link;
  std::string html = html_escaped(base.short_url(link)) + where_it_leads(link, known->routing.get());
  html += "</p><p>Made on " + std::string(std::string_view(format_rfc3339(link.created_at)).substr(0, 10));
  if (link.valid_since) html += ", good from " + std::string(std::string_view(format_rfc3339(*link.valid_since)));
  if (link.expires_at) html += ", good until " + std::string(std::string_view(format_rfc3339(*link.expires_at)));
  html += "." + outer_report_link(base, link) + report_form();
  platform::respond_page(call.exchange, net::Status::kOk, link.title.empty() ? "A short link" : link.title, html,
                         {{"X-Robots-Tag", "noindex"}});
}

void show_qr(const Call& call, std::string_view code, const LinkBase& base, LinkLookup& links) {
  const auto asked = qr_asked(call);
  if (!asked) return;
  const LinkCache::Known* const known = links.find(call, code);
  if (known == nullptr) return;
  const auto qr = QrCode::of(base.short_url(known->link), asked->level);
  if (!qr) return platform::respond_invalid(call.exchange, call.request.path(), qr.error().message);
  const auto picture = asked->is_png ? qr->png(asked->scale) : Result<std::string>(qr->svg());
  if (!picture) return respond_link_unreadable(call.exchange, call.request.path());
  call.exchange.respond(
      net::Response{.content_type = asked->is_png ? "image/png" : "image/svg+xml",
                    .body = *picture,
                    .headers = {{"Cache-Control", "public, max-age=3600"}, {"X-Content-Type-Options", "nosniff"}}});
}

}  // namespace doorbuster::links
