// A table of settings: of each its key, its words, its range, and the place where its value is kept.
//
// Every setting stands in the table once; the reader of the file, the flags, the writer and the documentation walk it.
// Whoever owns values (a service, the application) has a function that adds its settings to a table, bound to a struct
// of theirs. The struct's own initialisers are the defaults, and the only ones.
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ops/settings/value.h"

namespace doorbuster::ops {

using TextRule = std::function<Result<void>(std::string_view)>;

struct Range {
  int64_t min;
  int64_t max;
};

struct Setting {
  std::string key;   // with its section: "http.body_bytes"
  std::string help;  // sentences for the operator
  bool required = false;
  std::function<Value()> get;
  // kInvalid if the value has the shape but not the range; then nothing is changed.
  std::function<Result<void>(const Value&)> set;
};

class SettingsTable;

// Any number of sections of one kind: each [[customers.shop_keys]].
struct SectionList {
  std::string path;
  std::string help;
  size_t most = 0;
  std::function<size_t()> size;
  std::function<void()> clear;
  std::function<void()> add;                      // one more, with its defaults
  std::function<SettingsTable(size_t index)> at;  // its settings, whose keys are names without a section
  std::function<SettingsTable()> blank;           // of none, for the words about it
};

class SettingsTable {
 public:
  enum class Presence { kOptional, kRequired };

  // Each place outlives the table. Settings of one section are printed together, in the order in which they were added.
  void boolean(std::string key, bool& place, std::string help);
  template <std::integral T>
  void integer(std::string key, T& place, Range range, std::string help) {
    add_integer(
        std::move(key), range, std::move(help), [&place] { return static_cast<int64_t>(place); },
        [&place](int64_t number) { place = static_cast<T>(number); });
  }
  // Whole seconds.
  void seconds(std::string key, Duration& place, Range range, std::string help);
  void text(std::string key, std::string& place, TextRule rule, std::string help,
            Presence presence = Presence::kOptional);
  // `names` outlives the table; the enum counts from 0 in the order of the names.
  template <class Enum>
  void choice(std::string key, Enum& place, std::span<const std::string_view> names, std::string help) {
    add_choice(
        std::move(key), names, std::move(help), [&place] { return static_cast<size_t>(place); },
        [&place](size_t index) { place = static_cast<Enum>(index); });
  }
  void text_list(std::string key, TextList& place, TextRule each, std::string help);
  // `describe(table, item)` adds the settings of one item.
  template <class Item, class Describe>
  void sections(std::string path, std::vector<Item>& list, size_t most, std::string help, Describe describe);

  // Not of a table that is gone at the end of the expression: a loop over them would outlive it.
  [[nodiscard]] const std::vector<Setting>& settings() const& { return settings_; }
  const std::vector<Setting>& settings() && = delete;
  [[nodiscard]] const std::vector<SectionList>& lists() const& { return lists_; }
  const std::vector<SectionList>& lists() && = delete;
  // Null if there is none.
  [[nodiscard]] const Setting* find(std::string_view key) const;

 private:
  void add_integer(std::string key, Range range, std::string help, std::function<int64_t()> get,
                   std::function<void(int64_t)> set);
  void add_choice(std::string key, std::span<const std::string_view> names, std::string help,
                  std::function<size_t()> get, std::function<void(size_t)> set);

  std::vector<Setting> settings_;
  std::vector<SectionList> lists_;
};

// "--http-body-bytes" for http.body_bytes.
[[nodiscard]] std::string flag_of(std::string_view key);

template <class Item, class Describe>
void SettingsTable::sections(std::string path, std::vector<Item>& list, size_t most, std::string help,
                             Describe describe) {
  const auto of = [describe](Item& item) {
    SettingsTable table;
    describe(table, item);
    return table;
  };
  lists_.push_back({.path = std::move(path),
                    .help = std::move(help),
                    .most = most,
                    .size = [&list] { return list.size(); },
                    .clear = [&list] { list.clear(); },
                    .add = [&list] { list.emplace_back(); },
                    .at = [&list, of](size_t index) { return of(list.at(index)); },
                    .blank =
                        [of] {
                          static Item item;
                          return of(item);
                        }});
}

}  // namespace doorbuster::ops
