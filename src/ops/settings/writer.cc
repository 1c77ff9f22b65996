#include "ops/settings/writer.h"

#include <algorithm>

#include "base/assert.h"

namespace doorbuster::ops {
namespace {

constexpr size_t kCommentColumns = 100;

std::string section_of(std::string_view key) {
  const size_t dot = key.rfind('.');
  return std::string(key.substr(0, dot == std::string_view::npos ? 0 : dot));
}

std::string_view name_in_section(std::string_view key) { return key.substr(key.rfind('.') + 1); }

// Words, folded into comment lines.
void write_comment(std::string& out, std::string_view words) {
  size_t column = kCommentColumns;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (column + word.size() + 1 > kCommentColumns) {
      out += out.empty() || out.ends_with('\n') ? "#" : "\n#";
      column = 1;
    }
    out += ' ';
    out += word;
    column += word.size() + 1;
  }
  out += '\n';
}

// In the order in which they were first named; those without a section come before all.
std::vector<std::string> sections_of(const SettingsTable& table) {
  std::vector<std::string> sections = {""};
  for (const Setting& setting : table.settings()) {
    const std::string section = section_of(setting.key);
    if (std::ranges::find(sections, section) == sections.end()) sections.push_back(section);
  }
  return sections;
}

void write_section(std::string& out, const std::string& section, const SettingsTable& table,
                   const SettingsTable& defaults, Flags flags) {
  bool is_first = !section.empty();
  for (size_t i = 0; i < table.settings().size(); ++i) {
    const Setting& setting = table.settings()[i];
    if (section_of(setting.key) != section) continue;
    out += '\n';
    if (is_first) out += "[" + section + "]\n";
    is_first = false;
    const std::string usual = to_toml(defaults.settings()[i].get());
    const std::string flag = flags == Flags::kOneEach ? "; " + flag_of(setting.key) : "";
    write_comment(out, setting.help + " Default " + usual + flag + ".");
    out += std::string(name_in_section(setting.key)) + " = " + to_toml(setting.get()) + "\n";
  }
}

void write_list(std::string& out, const SectionList& list) {
  out += '\n';
  write_comment(out, list.help + "; any number of [[" + list.path + "]].");
  const SettingsTable blank = list.blank();
  for (const Setting& setting : blank.settings()) write_comment(out, "  " + setting.key + ": " + setting.help);
  for (size_t i = 0; i < list.size(); ++i) {
    out += "[[" + list.path + "]]\n";
    const SettingsTable item = list.at(i);
    for (const Setting& setting : item.settings()) out += setting.key + " = " + to_toml(setting.get()) + "\n";
  }
}

}  // namespace

std::string write_settings(std::string_view head, const SettingsTable& table, const SettingsTable& defaults,
                           Flags flags) {
  std::string out;
  write_comment(out, head);
  ASSERT(table.settings().size() == defaults.settings().size());
  for (const std::string& section : sections_of(table)) write_section(out, section, table, defaults, flags);
  for (const SectionList& list : table.lists()) write_list(out, list);
  return out;
}

}  // namespace doorbuster::ops
