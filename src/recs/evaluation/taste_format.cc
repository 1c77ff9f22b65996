#include "recs/evaluation/taste_format.h"

#include <algorithm>
#include <unordered_set>

#include "recs/evaluation/line_reader.h"

namespace doorbuster::recs {
namespace {

// What stands between spaces or tabs.
std::vector<std::string_view> words_of_line(std::string_view line) {
  std::vector<std::string_view> words;
  each_word(line, ' ', [&](std::string_view part) {
    each_word(part, '\t', [&](std::string_view word) { words.push_back(word); });
  });
  return words;
}

}  // namespace

Result<TasteLists> read_taste(const std::string& path, ItemNames& users, ItemNames& items) {
  LineReader reader = TRY(LineReader::open(path));
  TasteLists read;
  std::unordered_set<uint32_t> seen;
  while (const auto line = TRY(reader.next())) {
    const std::vector<std::string_view> words = words_of_line(*line);
    if (words.empty()) continue;
    if (words.size() == 1) return reader.wrong("the user has no items");
    const uint32_t user = users.number_of(words.front());
    if (!seen.insert(user).second)
      return reader.wrong("the user " + std::string(words.front()) + " has a line already");
    std::vector<ItemNumber> list;
    std::unordered_set<ItemNumber> in_list;
    for (size_t i = 1; i < words.size(); ++i) {
      const ItemNumber item = items.number_of(words[i]);
      if (in_list.insert(item).second) list.push_back(item);
    }
    read.users.push_back(user);
    read.lists.add_user(list);
  }
  if (read.users.empty()) return fail(ErrorCode::kInvalid, "'" + path + "' has no users");
  read.lists.at_least_items(items.size());
  return read;
}

}  // namespace doorbuster::recs
