// Whatever an operator writes as rules, and whoever comes then: what is taken is stored as it was read, leads only
// where a link may lead, and is looked at without harm; and so is what a visitor's query makes of the destination.
//
// The text is the rules, and behind a line feed each Accept-Language and query.
#include "links/api/link_rules.h"

#include "base/assert.h"
#include "links/api/forwarded_query.h"
#include "links/api/long_url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  using namespace doorbuster::links;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next_line = [&rest] {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
  };
  JsonDocument document(next_line());
  const LinkRules rules = read_rules(document.value(), LinkBase({.base_url = "https://go.example"}));
  const std::string_view accept_language = next_line();
  const VisitorFacts facts{.accept_language = accept_language, .query = rest};
  if (!document.finish()) return 0;
  const std::string text = write_rules(rules);
  const auto again = stored_rules(text);
  ASSERT(again.has_value() && write_rules(*again) == text);
  for (const LinkRule& rule : rules) {
    ASSERT(parse_long_url(rule.long_url()) == rule.long_url());
    if (const auto unmet = rule.first_unmet(facts)) {
      std::string wanted;
      JsonWriter json(wanted);
      rule.write_wanted(json, *unmet);
      ASSERT(!wanted.empty());
    }
    const std::string_view url = rule.long_url();
    const std::string forwarded = with_query(url, rest, "channel");
    const size_t path_end = std::min(url.find_first_of("?#"), url.size());
    ASSERT(forwarded.substr(0, path_end) == url.substr(0, path_end));
    ASSERT(path_end == forwarded.size() || forwarded[path_end] == '?' || forwarded[path_end] == '#');
    ASSERT(forwarded.find_first_of("\r\n \\") == std::string::npos);
  }
  return 0;
}
