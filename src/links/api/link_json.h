// Links as the API reads and writes them (docs/api/openapi.yaml).
#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"
#include "links/api/link_base.h"
#include "links/store/link_store.h"

namespace doorbuster::links {

struct NewLink {
  std::string domain = {};    // empty: the default one
  std::string alias = {};     // empty: a code is generated
  Link link = {};             // without number and code
  std::string password = {};  // as it was given, to become link.password_hash; empty: none was
  bool once = false;          // if there is such a link, that one
};
// The code of the link; without an alias it has yet to be generated behind what is returned.
[[nodiscard]] inline std::string code_asked(const NewLink& created) { return code_on(created.domain, created.alias); }
// The claim that makes it, without number; with `once` one that finds the link that there is.
[[nodiscard]] Change claim_of(NewLink created, Timestamp now);
struct ChangedLink {
  Link link = {};
  std::string password = {};  // likewise
};

[[nodiscard]] bool is_redirect_status(uint64_t status);

// kInvalid: what is wrong, and where.
[[nodiscard]] Result<NewLink> parse_new_link(std::string_view body, const LinkBase& base, Timestamp now);
// The link as it is once what the body names is changed; null takes away what need not be there. kInvalid likewise.
[[nodiscard]] Result<ChangedLink> parse_change(std::string_view body, const LinkBase& base, const Link& link);

// The same of a channel of a sale. Without a long URL it leads to the sale's own page, at `page`.
[[nodiscard]] Result<NewLink> parse_new_channel(std::string_view body, const LinkBase& base, std::string_view sale,
                                                const std::string& page, Timestamp now);

void write_link(JsonWriter& json, const Link& link, const LinkBase& base);
// What tells a link: the members short_code and domain, which is null on the default one.
void write_name(JsonWriter& json, std::string_view code);
// Where the API shows it: "/api/v1/urls/mail?domain=brand.example".
[[nodiscard]] std::string call_of_link(std::string_view code);
// Of it, the members that say who is sent where.
void write_routing(JsonWriter& json, const Link& link);

// The tag of what is stored, with its quotes: another one after each change.
[[nodiscard]] std::string etag_of(const Link& link);

}  // namespace doorbuster::links
