#include "links/api/imported_link.h"

#include <algorithm>
#include <array>

#include "links/api/alias.h"
#include "links/api/link_json.h"
#include "links/api/long_url.h"

namespace doorbuster::links {
namespace {

std::string_view warning_about(Lack lack) {
  switch (lack) {
    case Lack::kPassword:
      return "it had a password, which is not taken: everybody may follow it";
    case Lack::kRules:
      return "its rules for devices, languages or countries are not taken: everybody is sent to its long URL";
    case Lack::kVariants:
      return "its A/B variants are not taken: everybody is sent to its long URL";
    case Lack::kExpiredUrl:
      return "once it is over visitors are told so, and not sent to another page";
    case Lack::kAppLinks:
      return "its links into apps are not taken: everybody is sent to its long URL";
    case Lack::kCloaked:
      return "visitors are sent to its target, which is not shown under the short link's address any more";
    case Lack::kSale:
      return "it was a channel of a sale, and is a link like any other now";
  }
  return {};
}

// At most so many bytes of well-formed text, and no half of a character.
std::string_view cut(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

Result<void> check_texts(const ForeignLink& foreign) {
  const bool are_well_formed = is_utf8(foreign.title) && std::ranges::all_of(foreign.tags, is_utf8);
  if (are_well_formed) return {};
  return fail(ErrorCode::kInvalid, "its title or tags are not UTF-8: save the file in that encoding");
}

void take_texts(const ForeignLink& foreign, ImportedLink& imported) {
  imported.link.title = cut(foreign.title, kTitleBytesMax);
  if (imported.link.title.size() < foreign.title.size())
    imported.warnings.push_back("its title is cut to " + std::to_string(kTitleBytesMax) + " bytes");
  std::vector<std::string>& tags = imported.link.tags;
  for (const std::string& tag : foreign.tags) {
    const bool fits = !tag.empty() && tag.size() <= kTagBytesMax && tags.size() < kTagsMax;
    if (fits && std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
    if (!fits && !tag.empty())
      imported.warnings.push_back("its tag '" + std::string(cut(tag, kTagBytesMax)) + "' is left out");
  }
}

Result<void> take_times(const ForeignLink& foreign, Timestamp now, ImportedLink& imported) {
  Link& link = imported.link;
  link.created_at = std::min(foreign.created_at.value_or(now), now);
  if (!foreign.created_at) imported.warnings.emplace_back("when it was made is not said: it is made now");
  if (foreign.created_at && *foreign.created_at > now)
    imported.warnings.emplace_back("when it was made has not come yet: it is made now");
  link.valid_since = foreign.valid_since;
  link.expires_at = foreign.expires_at;
  if (link.valid_since && link.expires_at && *link.expires_at <= *link.valid_since)
    return fail(ErrorCode::kInvalid, "it expires before it is valid");
  return {};
}

// What links of this server alone have, as their exports say it.
Result<void> take_more(const ForeignLink& foreign, const LinkBase& base, Timestamp now, Link& link) {
  link.forward_query = foreign.forward_query;
  if (foreign.row.empty()) return {};
  auto made = parse_new_link(foreign.row, base, now);
  if (!made) return fail(ErrorCode::kInvalid, "what else it has can't be read: " + made.error().message);
  if (!made->password.empty())
    return fail(ErrorCode::kInvalid, "what else it has must be what an export says, without a password");
  link.rules = std::move(made->link.rules);
  link.variants = std::move(made->link.variants);
  link.password_hash = std::move(made->link.password_hash);
  link.forward_query = made->link.forward_query;
  link.external_id = std::move(made->link.external_id);
  return {};
}

Result<void> check_whether_open(const ForeignLink& foreign, bool takes_open) {
  if (foreign.is_banned) return fail(ErrorCode::kInvalid, "it was banned there");
  const bool has_password = std::ranges::find(foreign.lacks, Lack::kPassword) != foreign.lacks.end();
  if (!has_password || takes_open) return {};
  return fail(ErrorCode::kInvalid,
              "it has a password, which is not taken: with allow=without-password it is taken, open to everybody");
}

}  // namespace

Result<ImportedLink> imported_link_of(const ForeignLink& foreign, const LinkBase& base, Timestamp now,
                                      bool takes_open) {
  TRY(check_whether_open(foreign, takes_open));
  TRY(check_texts(foreign));
  if (const auto allowed = check_imported_code(foreign.code); !allowed) {
    const std::string code(is_utf8(foreign.code) ? cut(foreign.code, kAliasBytesMax) : "of other bytes than UTF-8");
    return fail(ErrorCode::kInvalid, "its code '" + code + "' " + allowed.error().message);
  }
  ImportedLink imported{.link = {.code = foreign.code}};
  auto url = parse_long_url(foreign.long_url);
  if (!url) return fail(ErrorCode::kInvalid, "its long URL " + url.error().message);
  if (base.leads_to_code(*url)) return fail(ErrorCode::kInvalid, "its long URL is a short link of this server");
  imported.link.long_url = *std::move(url);
  TRY(take_times(foreign, now, imported));
  take_texts(foreign, imported);
  if (foreign.visits_max == 0) return fail(ErrorCode::kInvalid, "its number of visits must be 1 or more");
  imported.link.visits_max = foreign.visits_max;
  if (foreign.redirect_status) {
    if (!is_redirect_status(*foreign.redirect_status))
      return fail(ErrorCode::kInvalid, "its redirect_status must be 301, 302, 307 or 308");
    imported.link.redirect_status = *foreign.redirect_status;
  }
  TRY(take_more(foreign, base, now, imported.link));
  for (const Lack lack : foreign.lacks) imported.warnings.emplace_back(warning_about(lack));
  return imported;
}

}  // namespace doorbuster::links
