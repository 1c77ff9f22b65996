#include "ops/settings/reader.h"

#include <toml++/toml.h>

#include "ops/settings/nearest.h"

namespace doorbuster::ops {
namespace {

// Built where it is returned: g++ 12 sees an uninitialised list in a variant that moves.
template <class T>
Result<Value> made(T value) {
  return Result<Value>(tl::in_place, std::move(value));
}

std::string key_text(const toml::key& key) { return std::string(key.str()); }

Result<Value> text_list_of(const toml::array& array) {
  TextList list;
  for (const toml::node& item : array) {
    const auto* words = item.as_string();
    if (words == nullptr) return fail(ErrorCode::kInvalid, "must be " + std::string(shape_of(TextList())));
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
  if (const auto* array = node.as_array(); array != nullptr && std::holds_alternative<TextList>(like))
    return text_list_of(*array);
  return fail(ErrorCode::kInvalid, "must be " + std::string(shape_of(like)));
}

class Reader {
 public:
  Reader(std::string_view name, const SettingsTable& table, std::string_view shown_by)
      : name_(name), table_(table), shown_by_(shown_by) {
    for (const Setting& setting : table.settings()) known_.push_back(setting.key);
    for (const SectionList& list : table.lists()) known_.push_back(list.path);
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
    for (const SectionList& list : table_.lists()) {
      if (list.path == path) return read_list(list, node);
    }
    if (const Setting* setting = table_.find(path)) return read_value(path, node, *setting);
    if (!is_section(path)) return refuse_unknown(path, node);
    const toml::table* section = node.as_table();
    if (section == nullptr) return note(node.source(), path + " is a section: begin it with [" + path + "]");
    read(*section, path + ".");
  }

  void read_value(const std::string& path, const toml::node& node, const Setting& setting) {
    const Result<Value> value = value_of(node, setting.get());
    const Result<void> done = value ? setting.set(*value) : tl::unexpected(value.error());
    if (!done) note(node.source(), path + " " + done.error().message);
  }

  void read_list(const SectionList& list, const toml::node& node) {
    const std::string& path = list.path;
    const toml::array* items = node.as_array();
    const bool of_tables = items != nullptr && (items->empty() || items->is_homogeneous(toml::node_type::table));
    if (!of_tables) return note(node.source(), path + " is a list of sections: begin each with [[" + path + "]]");
    if (items->size() > list.most) {
      return note(node.source(), path + " has more than " + std::to_string(list.most) + " sections");
    }
    list.clear();
    for (const toml::node& item : *items) {
      list.add();
      read_item(path, *item.as_table(), list.at(list.size() - 1));
    }
  }

  void read_item(const std::string& path, const toml::table& items, const SettingsTable& table) {
    for (const auto& [key, node] : items) {
      if (const Setting* setting = table.find(key.str())) {
        read_value(path + "." + setting->key, node, *setting);
      } else {
        refuse_unknown_in(path, key_text(key), node, table);
      }
    }
    for (const Setting& setting : table.settings()) {
      if (setting.required && !items.contains(setting.key)) note(items.source(), path + " needs " + setting.key);
    }
  }

  [[nodiscard]] bool is_section(const std::string& path) const {
    return std::any_of(known_.begin(), known_.end(),
                       [&](const std::string& key) { return key.starts_with(path + "."); });
  }

  void refuse_unknown(const std::string& path, const toml::node& node) {
    const std::string meant = nearest(path, known_);
    note(node.source(),
         "there is no setting '" + path.substr(0, 64) + "'" +
             (meant.empty() ? "; `" + shown_by_ + "` shows all of them" : "; did you mean " + meant + "?"));
  }

  void refuse_unknown_in(const std::string& path, const std::string& key, const toml::node& node,
                         const SettingsTable& table) {
    std::vector<std::string> names;
    for (const Setting& setting : table.settings()) names.push_back(setting.key);
    const std::string meant = nearest(key, names);
    std::string all = names.front();
    for (size_t i = 1; i < names.size(); ++i) all += ", " + names[i];
    note(node.source(), path + " has no setting '" + key.substr(0, 64) + "'" +
                            (meant.empty() ? "; it has " + all : "; did you mean " + meant + "?"));
  }

  const std::string name_;
  const SettingsTable& table_;
  const std::string shown_by_;
  std::vector<std::string> known_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> read_settings(std::string_view text, std::string_view name, const SettingsTable& table,
                                       std::string_view shown_by) {
  Reader reader(name, table, shown_by);
  if (text.size() > kLargestSettingsFile) {
    return {std::string(name) + ": is larger than 1 MiB; is it the right file?"};
  }
  try {
    reader.read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    reader.note(error.source(), "this is not TOML: " + std::string(error.description()));
  }
  return reader.take_problems();
}

Result<void> none_or_error(const std::vector<std::string>& problems) {
  if (problems.empty()) return {};
  std::string message;
  for (const std::string& problem : problems) message += (message.empty() ? "" : "\n") + problem;
  return fail(ErrorCode::kInvalid, std::move(message));
}

}  // namespace doorbuster::ops
