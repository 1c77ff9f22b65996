// What Gorse calls items, users and feedback, as ours: docs/recs/compatibility.md says of each member what becomes of
// it. Members of other names are passed over.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/json_writer.h"
#include "recs/machine/event_names.h"
#include "recs/machine/recs_machine.h"
#include "recs/views/item_content.h"

namespace doorbuster::recs {

struct GorseItem {
  std::string name = {};
  Content content = {};
};
struct GorseUser {
  std::string name = {};
  std::string content = {};  // in JSON
};
struct GorseFeedback {
  std::string type = {};
  EventKind kind = EventKind::kOther;
  std::string user = {};
  std::string item = {};
  Timestamp at = {};  // the beginning of time: not said
};

// The texts of the rows: of one object, or of an array of them, which may be empty. kInvalid: it is neither.
[[nodiscard]] Result<std::vector<std::string_view>> gorse_texts(std::string_view body);

// kInvalid: what is wrong. `before`: what is known of the item, where a patch changes it.
[[nodiscard]] Result<GorseItem> read_gorse_item(std::string_view text);
[[nodiscard]] Result<Content> read_gorse_patch(std::string_view text, Content before);
[[nodiscard]] Result<GorseUser> read_gorse_user(std::string_view text);
// Also of a patch: what it does not name stays as `before` has it.
[[nodiscard]] Result<std::string> read_gorse_user_patch(std::string_view text, std::string_view before);
[[nodiscard]] Result<GorseFeedback> read_gorse_feedback(std::string_view text, const EventNames& events);

void write_gorse_item(JsonWriter& json, std::string_view name, const Content& content, Timestamp since);
void write_gorse_user(JsonWriter& json, std::string_view name, std::string_view content);
void write_gorse_feedback(JsonWriter& json, const GorseFeedback& feedback);

}  // namespace doorbuster::recs
