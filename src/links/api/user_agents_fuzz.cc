// Whatever somebody calls their browser: it is read, and the rules that are passed over, because a word of theirs is
// missing, would not have matched.
#include "links/api/user_agents.h"

#include "base/assert.h"
#include "links/api/rule_list.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster::links;
  static const UserAgents kAgents;
  static const RuleList kBrowsers(browser_rules());
  static const RuleList kSystems(system_rules());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const UserAgent seen = kAgents.read(text);
  ASSERT((seen.browser == Browser::kProgram) == (seen.visitor == Visitor::kBot && !text.empty()));
  const std::string_view looked_at = text.substr(0, UserAgents::kBytesMax);
  ASSERT(kBrowsers.name_of(looked_at) == kBrowsers.name_by_trying_all(looked_at));
  ASSERT(kSystems.name_of(looked_at) == kSystems.name_by_trying_all(looked_at));
  return 0;
}
