// What short links begin with: the server's own address, and those of other domains that lead to it. A code is one
// link's on each of them, and which of them a visitor means is said by the host that they ask.
//
// A domain is told by its host alone. In the store the codes of the server's own domain, the default one, stand as they
// are, and all others behind their host and a slash (store/link.h): so links stay where they are when a domain is taken
// out of the configuration, and lead on once it is there again.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "links/store/link.h"
#include "net/request.h"

namespace doorbuster::links {

// A domain whose addresses lead to this server.
struct LinkDomain {
  std::string base_url = {};
  std::string not_found_url = {};  // where visitors are sent who ask for what is nobody's; empty: they are told
};

class LinkBase {
 public:
  // Of no domain at all: no address leads back to it.
  LinkBase() = default;
  // `default_domain` is the server's own; one whose base_url is empty is none.
  explicit LinkBase(LinkDomain default_domain, std::vector<LinkDomain> others = {}, std::string report_abuse = {});

  // kInvalid: what is wrong with them together, for whoever started the server.
  [[nodiscard]] Result<void> check() const;

  // "https://go.example", of the default domain.
  [[nodiscard]] const std::string& text() const { return default_.base_url; }
  // Where people report links; empty: nowhere.
  [[nodiscard]] const std::string& report_abuse() const { return report_abuse_; }

  // --- Domains are told by their host, and the default one by nothing. ---

  // Which one a visitor asks. A host that is none of ours is the default domain's.
  [[nodiscard]] std::string_view asked_by(const net::Request& request) const;
  // As a caller names it, in letters of any size. Nothing: links can't be made there.
  [[nodiscard]] std::optional<std::string> served(std::string_view host) const;
  // The same, whether it is served or not: links may be there from before.
  [[nodiscard]] std::string named(std::string_view host) const;
  [[nodiscard]] std::string base_of(std::string_view domain) const;
  // Where visitors are sent who ask for what is nobody's; empty: they are told.
  [[nodiscard]] const std::string& not_found_url(std::string_view domain) const;

  [[nodiscard]] std::string short_url(const Link& link) const;
  // Whether an address leads back to a short link here: then a browser could run in circles.
  [[nodiscard]] bool leads_to_code(std::string_view long_url) const;

 private:
  [[nodiscard]] const LinkDomain* find(std::string_view host) const;

  LinkDomain default_;
  std::string default_host_;
  std::vector<LinkDomain> configured_;                      // as they were given
  std::map<std::string, LinkDomain, std::less<>> by_host_;  // but the default one
  std::string report_abuse_;
};

}  // namespace doorbuster::links
