#include "ops/settings/table.h"

#include <algorithm>

namespace doorbuster::ops {

void SettingsTable::boolean(std::string key, bool& place, std::string help) {
  settings_.push_back({.key = std::move(key),
                       .help = std::move(help),
                       .get = [&place]() -> Value { return place; },
                       .set = [&place](const Value& value) -> Result<void> {
                         place = std::get<bool>(value);
                         return {};
                       }});
}

void SettingsTable::add_integer(std::string key, Range range, std::string help, std::function<int64_t()> get,
                                std::function<void(int64_t)> set) {
  help += " From " + std::to_string(range.min) + " to " + std::to_string(range.max) + ".";
  settings_.push_back({.key = std::move(key),
                       .help = std::move(help),
                       .get = [get = std::move(get)]() -> Value { return get(); },
                       .set = [set = std::move(set), range](const Value& value) -> Result<void> {
                         const int64_t number = std::get<int64_t>(value);
                         TRY(check_range(number, range.min, range.max));
                         set(number);
                         return {};
                       }});
}

void SettingsTable::seconds(std::string key, Duration& place, Range range, std::string help) {
  add_integer(
      std::move(key), range, std::move(help), [&place] { return place.whole_seconds(); },
      [&place](int64_t number) { place = Duration::seconds(number); });
}

void SettingsTable::text(std::string key, std::string& place, TextRule rule, std::string help, Presence presence) {
  settings_.push_back({.key = std::move(key),
                       .help = std::move(help),
                       .required = presence == Presence::kRequired,
                       .get = [&place]() -> Value { return place; },
                       .set = [&place, rule = std::move(rule)](const Value& value) -> Result<void> {
                         const auto& words = std::get<std::string>(value);
                         TRY(check_text(words));
                         TRY(rule(words));
                         place = words;
                         return {};
                       }});
}

void SettingsTable::add_choice(std::string key, std::span<const std::string_view> names, std::string help,
                               std::function<size_t()> get, std::function<void(size_t)> set) {
  settings_.push_back({.key = std::move(key),
                       .help = std::move(help),
                       .get = [get = std::move(get), names]() -> Value { return std::string(names[get()]); },
                       .set = [set = std::move(set), names](const Value& value) -> Result<void> {
                         set(TRY(check_choice(std::get<std::string>(value), names)));
                         return {};
                       }});
}

void SettingsTable::text_list(std::string key, TextList& place, TextRule each, std::string help) {
  settings_.push_back({.key = std::move(key),
                       .help = std::move(help),
                       .get = [&place]() -> Value { return place; },
                       .set = [&place, each = std::move(each)](const Value& value) -> Result<void> {
                         for (const std::string& words : std::get<TextList>(value)) {
                           TRY(check_text(words));
                           TRY(each(words));
                         }
                         place = std::get<TextList>(value);
                         return {};
                       }});
}

const Setting* SettingsTable::find(std::string_view key) const {
  const auto found = std::ranges::find(settings_, key, &Setting::key);
  return found == settings_.end() ? nullptr : &*found;
}

std::string flag_of(std::string_view key) {
  std::string flag = "--" + std::string(key);
  std::ranges::replace(flag, '.', '-');
  std::ranges::replace(flag, '_', '-');
  return flag;
}

}  // namespace doorbuster::ops
