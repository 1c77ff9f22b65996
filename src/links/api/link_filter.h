// Which of their links somebody asks for: GET /api/v1/urls?tag=&domain=&q=&link_domain=.
#pragma once

#include <optional>
#include <string>

#include "links/api/link_base.h"
#include "links/store/link.h"
#include "platform/api/call.h"

namespace doorbuster::links {

struct LinkFilter {
  std::string tag = {};
  std::string domain = {};             // of where it leads, or a domain above it
  std::string text = {};               // in small letters: in code, title or long URL
  std::optional<std::string> on = {};  // the domain that they are on; empty: the default one

  [[nodiscard]] bool is_empty() const { return tag.empty() && domain.empty() && text.empty() && !on; }
  [[nodiscard]] bool matches(const Link& link) const;
};

// Answers 400 and returns nothing if it can't be understood.
[[nodiscard]] std::optional<LinkFilter> filter_in(const platform::Call& call, const LinkBase& base);

}  // namespace doorbuster::links
