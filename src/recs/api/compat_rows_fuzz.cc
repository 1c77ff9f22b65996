// Requests of Gorse's and Personalize's clients, of any bytes: the first says which it is. What is taken is within what
// the machine takes.
#include <array>

#include "base/assert.h"
#include "recs/api/asked.h"
#include "recs/api/event_rows.h"
#include "recs/api/gorse_rows.h"
#include "recs/api/personalize_rows.h"

namespace {

using namespace doorbuster;
using namespace doorbuster::recs;

const std::array<std::byte, 32> kKeyOfFuzzer{};
const Names kNames{Bytes(kKeyOfFuzzer)};
const EventNames kWords;

void read_as_gorse(std::string_view body) {
  const auto texts = gorse_texts(body);
  if (!texts) return;
  for (const std::string_view text : *texts) {
    if (const auto item = read_gorse_item(text)) {
      std::string out;
      JsonWriter json(out);
      write_gorse_item(json, item->name, item->content, Timestamp());
      ASSERT(is_name(item->name) && read_gorse_item(out).has_value());
    }
    if (const auto user = read_gorse_user(text)) {
      ASSERT(user->content.size() <= kContentBytesMax);
      ASSERT(read_gorse_user_patch("{}", user->content) == user->content);
    }
    if (const auto feedback = read_gorse_feedback(text, kWords))
      ASSERT(is_name(feedback->user) && is_name(feedback->item));
  }
}

void read_as_personalize(std::string_view body) {
  if (const auto rows = read_put_events(body, kNames, kWords)) {
    ASSERT(rows->size() <= kRowsMax);
    for (const EventRow& row : *rows) ASSERT(is_name(row.item_name) && !row.session.is_none());
  }
  if (const auto items = read_put_items(body, kNames)) {
    for (const ItemContent& item : *items)
      ASSERT(parse_content(item.content) && item.content.size() <= kContentBytesMax);
  }
  if (const auto users = read_put_users(body, kNames)) {
    for (const UserContent& user : *users) ASSERT(user.content.size() <= kContentBytesMax);
  }
  if (const auto question = read_get_recommendations(body)) ASSERT(question->n > 0 && question->n <= kRankedMax);
  if (const auto question = read_get_ranking(body)) ASSERT(question->ranked.size() <= kRankedMax);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'g')
    read_as_gorse(body);
  else
    read_as_personalize(body);
  return 0;
}
