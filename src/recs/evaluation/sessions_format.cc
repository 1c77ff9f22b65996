#include "recs/evaluation/sessions_format.h"

#include "recs/evaluation/line_reader.h"

namespace doorbuster::recs {
namespace {

void append_items(std::string_view words, ItemNames& names, ItemLists& lists) {
  each_word(words, ' ', [&](std::string_view word) { lists.items.push_back(names.number_of(word)); });
  lists.end_list();
}

}  // namespace

Result<ItemLists> read_sessions(const std::string& path, ItemNames& names) {
  LineReader reader = TRY(LineReader::open(path));
  ItemLists sessions;
  while (const auto line = TRY(reader.next())) {
    append_items(*line, names, sessions);
    if (sessions[sessions.size() - 1].empty()) return reader.wrong("a session has at least one item");
  }
  if (sessions.size() == 0) return fail(ErrorCode::kInvalid, path + ": there is no session in it");
  return sessions;
}

Result<Prefixes> read_prefixes(const std::string& path, ItemNames& names) {
  LineReader reader = TRY(LineReader::open(path));
  Prefixes prefixes;
  while (const auto line = TRY(reader.next())) {
    const size_t tab = line->find('\t');
    if (tab == std::string_view::npos) return reader.wrong("has to be a prefix, a tab, the item that came next");
    append_items(line->substr(0, tab), names, prefixes.prefixes);
    if (prefixes.prefixes[prefixes.prefixes.size() - 1].empty()) return reader.wrong("the prefix has no item");
    const std::string_view next = line->substr(tab + 1);
    if (next.empty() || next.find_first_of(" \t") != std::string_view::npos)
      return reader.wrong("behind the tab has to be one item");
    prefixes.next.push_back(names.number_of(next));
  }
  if (prefixes.next.empty()) return fail(ErrorCode::kInvalid, path + ": there is no prefix in it");
  return prefixes;
}

}  // namespace doorbuster::recs
