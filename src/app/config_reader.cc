#include "app/config_reader.h"

#include <toml++/toml.h>

#include "app/nearest.h"
#include "app/settings.h"

namespace doorbuster::app {
namespace {

// Built where it is returned: g++ 12 sees an uninitialised list in a variant that moves.
template <class T>
Result<Value> made(T value) {
  return Result<Value>(tl::in_place, std::move(value));
}

std::string key_text(const toml::key& key) { return std::string(key.str()); }

Result<Value> texts_of(const toml::array& array) {
  Texts list;
  for (const toml::node& item : array) {
    const auto* words = item.as_string();
    if (words == nullptr) return fail(ErrorCode::kInvalid, "must be " + std::string(shape_of(Texts())));
    list.push_back(words->get());
  }
  return made(std::move(list));
}

// The value in the shape of `like`, or what it must be.
Result<Value> value_of(const toml::node& node, const Value& like) {
  if (const auto* truth = node.as_boolean(); truth != nullptr && std::holds_alternative<bool>(like))
    return made(truth->get());
  if (const auto* number = node.as_integer(); number != nullptr && std::holds_alternative<int64_t>(like)) {
    return made(number->get());
  }
  if (const auto* words = node.as_string(); words != nullptr && std::holds_alternative<std::string>(like)) {
    return made(words->get());
  }
  if (const auto* array = node.as_array(); array != nullptr && std::holds_alternative<Texts>(like))
    return texts_of(*array);
  return fail(ErrorCode::kInvalid, "must be " + std::string(shape_of(like)));
}

class Reader {
 public:
  Reader(std::string_view name, Config& config) : name_(name), config_(config) {
    for (const Setting<Config>& setting : settings()) known_.push_back(setting.key);
    known_.insert(known_.end(), {"webhooks", "customers.shop_keys"});
  }

  void read(const toml::table& table, const std::string& prefix = {}) {
    for (const auto& [key, node] : table) read_member(prefix + key_text(key), node);
  }

  void note(const toml::source_region& where, const std::string& what) {
    problems_.push_back(name_ + ":" + std::to_string(where.begin.line) + ": " + what);
  }

  [[nodiscard]] std::vector<std::string> take_problems() { return std::move(problems_); }

 private:
  void read_member(const std::string& path, const toml::node& node) {
    if (path == "webhooks") return read_list(path, node, webhook_settings(), kMostWebhooks, config_.webhooks);
    if (path == "customers.shop_keys") {
      return read_list(path, node, shop_key_settings(), kMostShopKeys, config_.customers.shop_keys);
    }
    for (const Setting<Config>& setting : settings()) {
      if (setting.key == path) return read_value(path, node, setting, config_);
    }
    if (!is_section(path)) return refuse_unknown(path, node);
    const toml::table* section = node.as_table();
    if (section == nullptr) return note(node.source(), path + " is a section: begin it with [" + path + "]");
    read(*section, path + ".");
  }

  template <class Owner>
  void read_value(const std::string& path, const toml::node& node, const Setting<Owner>& setting, Owner& owner) {
    const Result<Value> value = value_of(node, setting.get(owner));
    const Result<void> done = value ? setting.set(owner, *value) : tl::unexpected(value.error());
    if (!done) note(node.source(), path + " " + done.error().message);
  }

  template <class Owner>
  void read_list(const std::string& path, const toml::node& node, const std::vector<Setting<Owner>>& item_settings,
                 size_t most, std::vector<Owner>& list) {
    const toml::array* items = node.as_array();
    const bool of_tables = items != nullptr && (items->empty() || items->is_homogeneous(toml::node_type::table));
    if (!of_tables) return note(node.source(), path + " is a list of sections: begin each with [[" + path + "]]");
    if (items->size() > most) return note(node.source(), path + " has more than " + std::to_string(most) + " sections");
    list.clear();
    for (const toml::node& item : *items) read_item(path, *item.as_table(), item_settings, list.emplace_back());
  }

  template <class Owner>
  void read_item(const std::string& path, const toml::table& table, const std::vector<Setting<Owner>>& item_settings,
                 Owner& owner) {
    for (const auto& [key, node] : table) {
      const auto matches = [&](const Setting<Owner>& setting) { return setting.key == key.str(); };
      const auto setting = std::find_if(item_settings.begin(), item_settings.end(), matches);
      if (setting == item_settings.end()) {
        refuse_unknown_in(path, key_text(key), node, item_settings);
      } else {
        read_value(path + "." + setting->key, node, *setting, owner);
      }
    }
    for (const Setting<Owner>& setting : item_settings) {
      if (setting.required && !table.contains(setting.key)) note(table.source(), path + " needs " + setting.key);
    }
  }

  [[nodiscard]] bool is_section(const std::string& path) const {
    return std::any_of(known_.begin(), known_.end(),
                       [&](const std::string& key) { return key.starts_with(path + "."); });
  }

  void refuse_unknown(const std::string& path, const toml::node& node) {
    const std::string meant = nearest(path, known_);
    note(node.source(), "there is no setting '" + path.substr(0, 64) + "'" +
                            (meant.empty() ? "; `doorbuster serve --print-config` shows all of them"
                                           : "; did you mean " + meant + "?"));
  }

  template <class Owner>
  void refuse_unknown_in(const std::string& path, const std::string& key, const toml::node& node,
                         const std::vector<Setting<Owner>>& item_settings) {
    std::vector<std::string> names;
    for (const Setting<Owner>& setting : item_settings) names.push_back(setting.key);
    const std::string meant = nearest(key, names);
    std::string all = names.front();
    for (size_t i = 1; i < names.size(); ++i) all += ", " + names[i];
    note(node.source(), path + " has no setting '" + key.substr(0, 64) + "'" +
                            (meant.empty() ? "; it has " + all : "; did you mean " + meant + "?"));
  }

  const std::string name_;
  Config& config_;
  std::vector<std::string> known_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> read_config(std::string_view text, std::string_view name, Config& config) {
  Reader reader(name, config);
  if (text.size() > kLargestConfigFile) {
    return {std::string(name) + ": is larger than 1 MiB; is it the right file?"};
  }
  try {
    reader.read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    reader.note(error.source(), "this is not TOML: " + std::string(error.description()));
  }
  return reader.take_problems();
}

}  // namespace doorbuster::app
