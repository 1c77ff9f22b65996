"""Writes the C++ source that holds what is known of user agents: embed_user_agents.py REGEXES OUT

REGEXES is the regexes.yaml of uap-core. Of the rules for browsers and systems all are taken, in their order; of those
for devices only what tells programs ("Spider") from what people use.
"""

import sys

import yaml

LISTS = (
    ("browser_rules", "user_agent_parsers", "family_replacement"),
    ("system_rules", "os_parsers", "os_replacement"),
    ("program_rules", "device_parsers", "device_replacement"),
)


def literal(text):
    """A raw string of C++."""
    if ')re"' in text:
        raise SystemExit(f"a rule can't be written down: {text}")
    return f'R"re({text})re"'


def rows(parsers, name):
    for parser in parsers:
        regex = ("(?i)" if parser.get("regex_flag") == "i" else "") + parser["regex"]
        yield f"    {{{literal(regex)}, {literal(str(parser.get(name, '')))}}},\n"


def source(known):
    known["device_parsers"] = [rule for rule in known["device_parsers"] if rule.get("device_replacement") == "Spider"]
    functions = ""
    for function, parsers, name in LISTS:
        functions += (
            f"std::span<const UserAgentRule> {function}() {{\n  static constexpr UserAgentRule kRules[] = {{\n"
            f"{''.join(rows(known[parsers], name))}  }};\n  return kRules;\n}}\n\n"
        )
    return f"""#include "links/api/user_agent_rules.h"

namespace doorbuster::links {{

{functions}}}  // namespace doorbuster::links
"""


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as regexes:
        known_rules = yaml.safe_load(regexes)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write(source(known_rules))
