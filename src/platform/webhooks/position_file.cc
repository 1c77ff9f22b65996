#include "platform/webhooks/position_file.h"

#include <algorithm>
#include <charconv>

#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::platform {
namespace {

constexpr std::string_view kPositionFormat = "doorbuster-webhook-position";
constexpr int64_t kPositionVersion = 2;
constexpr size_t kPositionBytesMax = size_t{4} << 20;
constexpr size_t kSourcesMax = 4'096;

std::filesystem::path position_file(const std::filesystem::path& folder, std::string_view endpoint) {
  return folder / (std::string(endpoint) + ".json");
}

void write_source(JsonWriter& json, const SourcePosition& source) {
  json.begin_object().member("service", source.source.service).member("cell", source.source.cell);
  json.member("position", source.position).key("delivered").begin_array();
  for (const SequenceRange& range : source.delivered)
    json.begin_array().value(range.first).value(range.last).end_array();
  json.end_array().end_object();
}

SequenceRange read_range(const JsonValue& value, uint64_t above) {
  std::array<uint64_t, 2> ends{};
  size_t count = 0;
  value.array(2).each(
      [&](const JsonValue& end) { ends[count++ % 2] = static_cast<uint64_t>(end.integer({.min = 1})); });
  if (count == 2 && ends[0] > above && ends[0] <= ends[1]) return {ends[0], ends[1]};
  value.refuse("must be the first and the last of a range behind the one before");
  return {above + 1, above + 1};
}

SourcePosition read_source(const JsonObject& object) {
  SourcePosition source;
  source.source.service = object.required("service").string({.min_bytes = 1, .max_bytes = 64});
  source.source.cell = static_cast<uint32_t>(object.required("cell").integer({.min = 0, .max = UINT32_MAX}));
  source.position = static_cast<uint64_t>(object.required("position").integer({.min = 0}));
  uint64_t above = source.position;
  object.required("delivered").array(kRangesSavedMax).each([&](const JsonValue& range) {
    source.delivered.push_back(read_range(range, above));
    above = source.delivered.back().last;
  });
  return source;
}

std::optional<Disabled> read_disabled(const JsonValue& value) {
  if (value.is_null()) return std::nullopt;
  const JsonObject object = value.object();
  return Disabled{.by = object.required("by").one_of(kDisabledByNames, DisabledBy::kOperator),
                  .at = object.required("at").time()};
}

// Of version 1: one source, and no word about why and when it was disabled.
void read_version_1(const JsonObject& root, const SourceId& only_source, EndpointPosition& position) {
  position.sources.push_back(
      {.source = only_source, .position = static_cast<uint64_t>(root.required("position").integer({.min = 0}))});
  if (root.required("disabled").boolean()) position.disabled = Disabled{.by = DisabledBy::kFailing, .at = {}};
}

void read_version_2(const JsonObject& root, EndpointPosition& position) {
  position.disabled = read_disabled(root.required("disabled"));
  if (const JsonValue replayed_by = root.optional("replayed_by"); replayed_by.present()) {
    position.replayed_by.key = read_whole_number(replayed_by.object().required("key"));
    position.replayed_by.fingerprint = read_whole_number(replayed_by.object().required("fingerprint"));
  }
  root.required("sources").array(kSourcesMax).each([&](const JsonValue& value) {
    SourcePosition source = read_source(value.object());
    const auto same = [&](const SourcePosition& other) { return other.source == source.source; };
    if (std::any_of(position.sources.begin(), position.sources.end(), same)) value.refuse("is there twice");
    position.sources.push_back(std::move(source));
  });
}

}  // namespace

uint64_t read_whole_number(const JsonValue& value) {
  const std::string_view text = value.string({.min_bytes = 1, .max_bytes = 20});
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (value.present() && !is_number) value.refuse("must be a whole number in quotes");
  return number;
}

std::string encode_position(std::string_view endpoint, const EndpointPosition& position) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("format", kPositionFormat).member("version", kPositionVersion);
  json.member("endpoint", endpoint).key("disabled");
  if (position.disabled) {
    json.begin_object().member("by", kDisabledByNames[static_cast<size_t>(position.disabled->by)]);
    json.member("at", position.disabled->at).end_object();
  } else {
    json.value(nullptr);
  }
  json.member("failing_since", position.failing_since).key("sources").begin_array();
  for (const SourcePosition& source : position.sources) write_source(json, source);
  json.end_array();
  if (position.replayed_by.key != 0) {
    // As texts: they need all 64 bits.
    json.key("replayed_by").begin_object().member("key", std::to_string(position.replayed_by.key));
    json.member("fingerprint", std::to_string(position.replayed_by.fingerprint)).end_object();
  }
  json.end_object();
  return text + "\n";
}

Result<EndpointPosition> decode_position(std::string_view endpoint, std::string_view text,
                                         const SourceId& only_source) {
  JsonDocument document(text, {.max_bytes = kPositionBytesMax});
  const JsonObject root = document.root();
  const JsonValue format = root.required("format");
  if (format.present() && format.string() != kPositionFormat)
    format.refuse("must be '" + std::string(kPositionFormat) + "'");
  const int64_t version = root.required("version").integer(
      {.min = 1, .max = kPositionVersion, .needs = "this server reads versions 1 and 2"}, kPositionVersion);
  const JsonValue whose = root.required("endpoint");
  if (whose.present() && whose.string() != endpoint)
    whose.refuse("must be '" + std::string(endpoint) + "', as the file's name says");
  EndpointPosition position;
  const JsonValue failing_since = root.required("failing_since");
  if (!failing_since.is_null()) position.failing_since = failing_since.time();
  if (version == 1)
    read_version_1(root, only_source, position);
  else
    read_version_2(root, position);
  TRY(document.finish());
  return position;
}

Result<void> save_position(const std::filesystem::path& folder, std::string_view endpoint,
                           const EndpointPosition& position) {
  return replace_file(position_file(folder, endpoint), encode_position(endpoint, position), 0600);
}

Result<std::optional<EndpointPosition>> load_position(const std::filesystem::path& folder, std::string_view endpoint,
                                                      const SourceId& only_source) {
  const std::filesystem::path path = position_file(folder, endpoint);
  const Result<std::string> text = read_file(path, kPositionBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!text) return tl::unexpected(text.error());
  const Result<EndpointPosition> position = decode_position(endpoint, *text, only_source);
  if (position) return *position;
  return fail(ErrorCode::kInvalid, path.string() + " is damaged: " + position.error().message +
                                       ". Restore it, or delete it to begin with the events that come from now on");
}

Result<void> forget_position(const std::filesystem::path& folder, std::string_view endpoint) {
  std::error_code failed;
  const std::filesystem::path path = position_file(folder, endpoint);
  std::filesystem::remove(path, failed);
  if (failed) return fail(ErrorCode::kIo, "cannot remove " + path.string() + ": " + failed.message());
  return {};
}

}  // namespace doorbuster::platform
