#include "base/annotations_json.h"

#include <optional>
#include <string>

#include "base/utf8.h"

namespace doorbuster {
namespace {

constexpr std::string_view kReferenceNeeds = "a text of 1 to 128 bytes without control characters";
constexpr std::string_view kMetadataNeeds =
    "an object of texts without control characters, at most 512 bytes long when written without white space";

bool has_control_characters(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1)) {
    if (begins_with_control(text)) return true;
  }
  return false;
}

// Whatever comes, no more than a little is written.
std::string read_metadata(const JsonValue& value) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  bool is_any = false;
  bool is_sound = true;
  value.object().each([&](std::string_view name, const JsonValue& member) {
    const std::string_view content = member.string({.max_bytes = kMetadataBytesMax});
    is_any = true;
    is_sound = is_sound && text.size() + name.size() <= kMetadataBytesMax && !has_control_characters(name) &&
               !has_control_characters(content);
    if (is_sound) json.dynamic_key(name).value(content);
  });
  json.end_object();
  if (!is_sound || text.size() > kMetadataBytesMax) value.refuse("has to be " + std::string(kMetadataNeeds));
  return is_any ? text : std::string();
}

}  // namespace

bool is_client_reference(std::string_view text) {
  return !text.empty() && text.size() <= kClientReferenceBytesMax && !has_control_characters(text);
}

Annotations read_annotations(const JsonObject& object) {
  Annotations annotations;
  const JsonValue reference = object.optional("client_reference");
  if (reference.present() && !reference.is_null()) {
    const std::string_view text =
        reference.string({.min_bytes = 1, .max_bytes = kClientReferenceBytesMax, .needs = kReferenceNeeds});
    if (!text.empty() && !is_client_reference(text)) reference.refuse("has to be " + std::string(kReferenceNeeds));
    annotations.client_reference = text;
  }
  const JsonValue metadata = object.optional("metadata");
  if (metadata.present() && !metadata.is_null()) annotations.metadata = read_metadata(metadata);
  return annotations;
}

void write_annotations(JsonWriter& json, const Annotations& annotations) {
  const auto unless_empty = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  };
  json.member("client_reference", unless_empty(annotations.client_reference)).key("metadata");
  json.raw(annotations.metadata.empty() ? "null" : annotations.metadata);
  json.member("customer_id", unless_empty(annotations.customer_id));
}

}  // namespace doorbuster
