// What is known of user agents, compiled in from the public data of uap-core (cmake/embed_user_agents.py): lists of
// regular expressions, of which the first that matches decides.
#pragma once

#include <span>
#include <string_view>

namespace doorbuster::links {

struct UserAgentRule {
  std::string_view pattern;  // RE2's syntax
  std::string_view name;     // with "$1" for what the first group took; empty: that is all of the name
};

[[nodiscard]] std::span<const UserAgentRule> browser_rules();
[[nodiscard]] std::span<const UserAgentRule> system_rules();
[[nodiscard]] std::span<const UserAgentRule> program_rules();  // crawlers and the like

}  // namespace doorbuster::links
