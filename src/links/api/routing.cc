#include "links/api/routing.h"

#include <algorithm>

#include "base/assert.h"
#include "base/siphash.h"
#include "links/api/forwarded_query.h"

namespace doorbuster::links {

std::vector<std::string> destinations_of(const Link& link) {
  std::vector<std::string> destinations{link.long_url};
  for (const Variant& variant : link.variants) destinations.push_back(variant.long_url);
  const auto rules = link.rules.empty() ? Result<LinkRules>() : stored_rules(link.rules);
  if (!rules) return destinations;
  for (const LinkRule& rule : *rules) destinations.push_back(rule.long_url());
  return destinations;
}

bool treats_all_alike(const Link& link) {
  return link.rules.empty() && link.variants.empty() && !link.forward_query && link.password_hash.empty();
}

Result<std::unique_ptr<const Routing>> Routing::of(const Link& link) {
  if (treats_all_alike(link)) return nullptr;
  return with_all(link);
}

Result<std::unique_ptr<const Routing>> Routing::with_all(const Link& link) {
  return std::unique_ptr<const Routing>(new Routing(link, TRY(stored_rules(link.rules))));
}

Routing::Routing(const Link& link, LinkRules rules) : link_(link), rules_(std::move(rules)) {
  for (const Variant& variant : link.variants) weight_ += variant.weight;
}

Routing::Choice Routing::choose(const VisitorFacts& facts, uint64_t person) const {
  for (const LinkRule& rule : rules_) {
    if (!rule.first_unmet(facts)) return {.long_url = rule.long_url(), .rule = &rule};
  }
  if (weight_ == 0) return {.long_url = link_.long_url};
  // By the link's number, too: who gets the first of one link's variants may get any of another's.
  uint64_t point = SipHash(link_.number, 0)(person) % weight_;
  for (const Variant& variant : link_.variants) {
    if (point < variant.weight) return {.long_url = variant.long_url, .variant = &variant};
    point -= variant.weight;
  }
  ASSERT(false);
  return {};
}

std::string Routing::destination_of(const Choice& choice, std::string_view query) const {
  std::string destination = links::destination_of(link_, choice.long_url);
  if (!link_.forward_query) return destination;
  return with_query(destination, query, link_.sale.empty() ? "" : "channel");
}

}  // namespace doorbuster::links
