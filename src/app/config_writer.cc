#include <string>

#include "app/configure.h"
#include "app/settings.h"

namespace doorbuster::app {
namespace {

constexpr size_t kCommentColumns = 100;

std::string section_of(std::string_view key) {
  const size_t dot = key.find('.');
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

void write_settings(std::string& out, const Config& config) {
  const Config defaults;
  std::string section;
  for (const Setting<Config>& setting : settings()) {
    out += '\n';
    if (section_of(setting.key) != section) {
      section = section_of(setting.key);
      out += "[" + section + "]\n";
    }
    write_comment(out, setting.help + " Default " + to_toml(setting.get(defaults)) + "; " + flag_of(setting.key) + ".");
    out += std::string(name_in_section(setting.key)) + " = " + to_toml(setting.get(config)) + "\n";
  }
}

template <class Owner>
void write_list(std::string& out, const std::string& path, std::string_view help,
                const std::vector<Setting<Owner>>& item_settings, const std::vector<Owner>& list) {
  out += '\n';
  write_comment(out, help);
  for (const Setting<Owner>& setting : item_settings) write_comment(out, "  " + setting.key + ": " + setting.help);
  for (const Owner& owner : list) {
    out += "[[" + path + "]]\n";
    for (const Setting<Owner>& setting : item_settings) out += setting.key + " = " + to_toml(setting.get(owner)) + "\n";
  }
}

}  // namespace

std::string print_config(const Config& config) {
  std::string out;
  write_comment(out,
                "The configuration of Doorbuster: every setting, with the value that counts. Read back by `doorbuster "
                "serve --config FILE`.");
  write_settings(out, config);
  write_list(out, "customers.shop_keys",
             "Keys of the shop that sign customers' tokens; any number of [[customers.shop_keys]].",
             shop_key_settings(), config.customers.shop_keys);
  write_list(out, "webhooks", "Who is told of what happens; any number of [[webhooks]].", webhook_settings(),
             config.webhooks);
  return out;
}

}  // namespace doorbuster::app
