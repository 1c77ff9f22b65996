// One setting of a group of settings: its name, its words, and how it is read, checked and written, whatever its type.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace doorbuster::app {

// The four shapes that a value can have, in the file as in a flag.
using Texts = std::vector<std::string>;
using Value = std::variant<bool, int64_t, std::string, Texts>;

// "true or false", "a whole number", ... for messages.
[[nodiscard]] std::string_view shape_of(const Value& value);

// As TOML writes it. Text holds no control characters (see check_text), so quotes and backslashes are all there is to
// escape.
[[nodiscard]] std::string to_toml(const Value& value);

// A word that somebody typed as the value of a flag, in the shape of `like`; a list has commas between its texts.
// kInvalid says what would fit.
[[nodiscard]] Result<Value> from_word(std::string_view word, const Value& like);

// The errors of these are half a sentence that follows the name of the setting: "must be ...".
[[nodiscard]] Result<void> check_text(std::string_view text);
[[nodiscard]] Result<void> check_range(int64_t value, int64_t min, int64_t max);
[[nodiscard]] Result<size_t> check_choice(std::string_view word, std::span<const std::string_view> names);

using TextRule = std::function<Result<void>(std::string_view)>;

template <class Owner>
struct Setting {
  std::string key;   // with its section: "http.body_bytes"
  std::string help;  // sentences for the operator
  bool required = false;
  std::function<Value(const Owner&)> get;
  // kInvalid if the value has the shape but not the range.
  std::function<Result<void>(Owner&, const Value&)> set;
};

// The makers below take the place of the value as `[](auto& owner) -> auto& { return owner.http.body_bytes; }`.

template <class Owner, class Place>
Setting<Owner> yes_or_no(std::string key, std::string help, Place place) {
  return {.key = std::move(key),
          .help = std::move(help),
          .get = [place](const Owner& owner) -> Value { return place(owner); },
          .set = [place](Owner& owner, const Value& value) -> Result<void> {
            place(owner) = std::get<bool>(value);
            return {};
          }};
}

struct Range {
  int64_t min;
  int64_t max;
};

template <class Owner, class Place>
Setting<Owner> integer(std::string key, Range range, std::string help, Place place) {
  help += " From " + std::to_string(range.min) + " to " + std::to_string(range.max) + ".";
  return {.key = std::move(key),
          .help = std::move(help),
          .get = [place](const Owner& owner) -> Value { return static_cast<int64_t>(place(owner)); },
          .set = [place, range](Owner& owner, const Value& value) -> Result<void> {
            const int64_t number = std::get<int64_t>(value);
            TRY(check_range(number, range.min, range.max));
            auto& target = place(owner);
            target = static_cast<std::remove_reference_t<decltype(target)>>(number);
            return {};
          }};
}

template <class Owner, class Place>
Setting<Owner> text(std::string key, TextRule rule, std::string help, Place place) {
  return {.key = std::move(key),
          .help = std::move(help),
          .get = [place](const Owner& owner) -> Value { return place(owner); },
          .set = [place, rule = std::move(rule)](Owner& owner, const Value& value) -> Result<void> {
            const auto& words = std::get<std::string>(value);
            TRY(check_text(words));
            TRY(rule(words));
            place(owner) = words;
            return {};
          }};
}

// `names` outlives the setting; the place is an enum that counts from 0 in the order of the names.
template <class Owner, class Place>
Setting<Owner> choice(std::string key, std::span<const std::string_view> names, std::string help, Place place) {
  return {.key = std::move(key),
          .help = std::move(help),
          .get = [place, names](const Owner& owner) -> Value {
            return std::string(names[static_cast<size_t>(place(owner))]);
          },
          .set = [place, names](Owner& owner, const Value& value) -> Result<void> {
            auto& target = place(owner);
            const size_t index = TRY(check_choice(std::get<std::string>(value), names));
            target = static_cast<std::remove_reference_t<decltype(target)>>(index);
            return {};
          }};
}

template <class Owner, class Place>
Setting<Owner> texts(std::string key, TextRule each, std::string help, Place place) {
  return {.key = std::move(key),
          .help = std::move(help),
          .get = [place](const Owner& owner) -> Value { return place(owner); },
          .set = [place, each = std::move(each)](Owner& owner, const Value& value) -> Result<void> {
            for (const std::string& words : std::get<Texts>(value)) {
              TRY(check_text(words));
              TRY(each(words));
            }
            place(owner) = std::get<Texts>(value);
            return {};
          }};
}

template <class Owner>
Setting<Owner> required(Setting<Owner> setting) {
  setting.required = true;
  return setting;
}

}  // namespace doorbuster::app
