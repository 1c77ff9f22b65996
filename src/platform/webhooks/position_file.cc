#include "platform/webhooks/position_file.h"

#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::platform {
namespace {

constexpr std::string_view kFormat = "doorbuster-webhook-position";
constexpr int64_t kVersion = 1;
constexpr size_t kBytesMax = 4'096;

std::filesystem::path file_of(const std::filesystem::path& folder, std::string_view endpoint) {
  return folder / (std::string(endpoint) + ".json");
}

}  // namespace

std::string encode_position(std::string_view endpoint, const EndpointPosition& position) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("format", kFormat).member("version", kVersion).member("endpoint", endpoint);
  json.member("position", position.position).member("disabled", position.disabled);
  json.member("failing_since", position.failing_since).end_object();
  return text + "\n";
}

Result<EndpointPosition> decode_position(std::string_view endpoint, std::string_view text) {
  JsonDocument document(text);
  const JsonObject root = document.root();
  const JsonValue format = root.required("format");
  if (format.present() && format.string() != kFormat) format.refuse("must be '" + std::string(kFormat) + "'");
  (void)root.required("version").integer({.min = kVersion, .max = kVersion, .needs = "this server reads version 1"});
  const JsonValue whose = root.required("endpoint");
  if (whose.present() && whose.string() != endpoint)
    whose.refuse("must be '" + std::string(endpoint) + "', as the file's name says");
  EndpointPosition position;
  position.position = static_cast<uint64_t>(root.required("position").integer({.min = 0}));
  position.disabled = root.required("disabled").boolean();
  const JsonValue failing_since = root.required("failing_since");
  if (!failing_since.is_null()) position.failing_since = failing_since.time();
  TRY(document.finish());
  return position;
}

Result<void> save_position(const std::filesystem::path& folder, std::string_view endpoint,
                           const EndpointPosition& position) {
  return replace_file(file_of(folder, endpoint), encode_position(endpoint, position), 0600);
}

Result<std::optional<EndpointPosition>> load_position(const std::filesystem::path& folder, std::string_view endpoint) {
  const std::filesystem::path path = file_of(folder, endpoint);
  const Result<std::string> text = read_file(path, kBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!text) return tl::unexpected(text.error());
  const Result<EndpointPosition> position = decode_position(endpoint, *text);
  if (position) return *position;
  return fail(ErrorCode::kInvalid, path.string() + " is damaged: " + position.error().message +
                                       ". Restore it, or delete it to begin with the events that come from now on");
}

}  // namespace doorbuster::platform
