#include "recs/evaluation/sequence_format.h"

#include <boost/json.hpp>

#include "recs/evaluation/line_reader.h"

namespace doorbuster::recs {
namespace {

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  each_word(line, ' ', [&](std::string_view part) {
    each_word(part, '\t', [&](std::string_view word) { words.emplace_back(word); });
  });
  return words;
}

std::string attribute_of(const boost::json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
}

// {"item": ["attribute", 7], ...}; what is wrong is said in words that follow "FILE:LINE: ".
Result<void> read_json(std::string_view text, const ItemNames& items, std::vector<std::vector<std::string>>& into) {
  boost::system::error_code error;
  const boost::json::value read = boost::json::parse(text, error);
  if (error || !read.is_object()) return fail(ErrorCode::kInvalid, "no JSON object of items and their attributes");
  for (const auto& [name, list] : read.get_object()) {
    if (!list.is_array()) return fail(ErrorCode::kInvalid, "the attributes of " + std::string(name) + " are no list");
    const auto item = items.find(name);
    if (!item) continue;
    for (const boost::json::value& attribute : list.get_array()) into[*item].push_back(attribute_of(attribute));
  }
  return {};
}

}  // namespace

Result<Interactions> read_sequences(const std::string& path, ItemNames& items) {
  LineReader reader = TRY(LineReader::open(path));
  Interactions users;
  while (const auto line = TRY(reader.next())) {
    const std::vector<std::string> words = split_words(*line);
    if (words.empty()) continue;
    if (words.size() == 1) return reader.wrong("the user has no items");
    std::vector<ItemNumber> list;
    for (size_t i = 1; i < words.size(); ++i) list.push_back(items.number_of(words[i]));
    users.add_user(list);
  }
  if (users.users() == 0) return fail(ErrorCode::kInvalid, "'" + path + "' has no users");
  return users;
}

Result<std::vector<std::vector<std::string>>> read_attributes(const std::string& path, const ItemNames& items) {
  LineReader reader = TRY(LineReader::open(path));
  std::vector<std::vector<std::string>> attributes(items.size());
  while (const auto line = TRY(reader.next())) {
    if (line->starts_with('{')) {
      if (const auto read = read_json(*line, items, attributes); !read) return reader.wrong(read.error().message);
      continue;
    }
    const std::vector<std::string> words = split_words(*line);
    if (words.empty()) continue;
    if (words.size() == 1) return reader.wrong("the item has no attributes");
    if (const auto item = items.find(words.front())) {
      attributes[*item].insert(attributes[*item].end(), words.begin() + 1, words.end());
    }
  }
  return attributes;
}

}  // namespace doorbuster::recs
