// Where each visitor of a short link is sent, of links that do not send all of them to the same address: rules first,
// then variants, then the link's own address; and the visitor's query, where it goes on.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "links/api/link_rules.h"
#include "links/store/link.h"

namespace doorbuster::links {

// Whether a link sends everybody to its own address as it is, and asks for no password.
[[nodiscard]] bool treats_all_alike(const Link& link);

// All addresses that a link may lead visitors to: its own, and those of its variants and rules, as far as these can be
// read.
[[nodiscard]] std::vector<std::string> destinations_of(const Link& link);

class Routing {
 public:
  // Null for a link that treats all alike. The link outlives it, and stays as it is. kCorrupt: its rules can't be read.
  [[nodiscard]] static Result<std::unique_ptr<const Routing>> of(const Link& link);
  // The same of any link.
  [[nodiscard]] static Result<std::unique_ptr<const Routing>> with_all(const Link& link);

  struct Choice {
    std::string_view long_url;
    const LinkRule* rule = nullptr;    // which decided; null: none
    const Variant* variant = nullptr;  // likewise
  };
  // `person` is the same number for the same person, and evenly spread: of the link's variants they get always the
  // same.
  [[nodiscard]] Choice choose(const VisitorFacts& facts, uint64_t person) const;
  // What stands in Location then.
  [[nodiscard]] std::string destination_of(const Choice& choice, std::string_view query) const;

  [[nodiscard]] std::span<const LinkRule> rules() const { return rules_; }
  // Of all variants.
  [[nodiscard]] uint64_t weight() const { return weight_; }

 private:
  Routing(const Link& link, LinkRules rules);

  const Link& link_;
  const LinkRules rules_;
  uint64_t weight_ = 0;
};

}  // namespace doorbuster::links
