// Whatever the bytes: JsonDocument agrees with Boost's own DOM parser on what is JSON (but for duplicates and member
// counts, which it refuses on purpose), and what JsonWriter writes of a parsed document reads back the same.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/assert.h"
#include "base/json.h"
#include "base/json_node.h"
#include "base/json_writer.h"

namespace doorbuster {
namespace {

constexpr uint32_t kDepth = 16;

void write(const JsonNode& node, JsonWriter& json) {
  switch (node.kind) {
    case JsonKind::kNull:
      json.value(nullptr);
      return;
    case JsonKind::kBoolean:
      json.value(node.boolean);
      return;
    case JsonKind::kInteger:
      node.huge ? json.value(node.large) : json.value(node.integer);
      return;
    case JsonKind::kNumber:
      json.value(0.5);
      return;  // reading a decimal may miss its last bit
    case JsonKind::kString:
      json.value(node.text);
      return;
    case JsonKind::kArray:
      json.begin_array();
      break;
    case JsonKind::kObject:
      json.begin_object();
      break;
  }
  for (const JsonNode* child = node.child; child != nullptr; child = child->next) {
    if (node.kind == JsonKind::kObject) json.dynamic_key(child->key);
    write(*child, json);
  }
  node.kind == JsonKind::kObject ? json.end_object() : json.end_array();
}

std::string written(std::string_view text, bool& accepted) {
  const auto memory = std::make_unique<std::byte[]>(json_memory(text));
  const JsonParsed parsed = parse_json(text, kDepth, memory.get());
  accepted = parsed.root != nullptr;
  std::string out;
  JsonWriter json(out);
  if (accepted) write(*parsed.root, json);
  ASSERT(accepted || parsed.reason.size() > 0);
  ASSERT(parsed.at <= text.size());
  return out;
}

}  // namespace
}  // namespace doorbuster

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  bool accepted = false;
  const std::string once = written(text, accepted);

  boost::json::error_code failed;
  boost::json::parse_options options;
  options.max_depth = kDepth;
  (void)boost::json::parse({text.data(), text.size()}, failed, {}, options);
  ASSERT(!accepted || !failed);

  if (accepted) {
    const std::string twice =
        written(once, accepted);  // "-0" is read as 0, so the second writing is the first stable one
    ASSERT(accepted && written(twice, accepted) == twice);
  }
  JsonDocument document(text);
  (void)document.root().required("units").integer({.min = 1, .max = 10});
  (void)document.root().optional("opens_at").time();
  ASSERT(!document.finish().has_value() || document.well_formed());
  return 0;
}
