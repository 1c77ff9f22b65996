#include "ops/log_line.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "base/json_writer.h"

namespace doorbuster::ops {
namespace {

std::string as_json(std::string_view text) {
  std::string quoted;
  JsonWriter(quoted).value(text);
  return quoted;
}

// logfmt leaves plain words alone; whatever else is written as a JSON string, which every reader of logfmt understands.
std::string as_logfmt(std::string_view text) {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\'; };
  return !text.empty() && std::ranges::all_of(text, is_plain) ? std::string(text) : as_json(text);
}

std::string as_number(double number) {
  std::string text;
  if (!std::isfinite(number)) return std::isnan(number) ? "\"nan\"" : number > 0 ? "\"inf\"" : "\"-inf\"";
  JsonWriter(text).value(number);
  return text;
}

struct ValueText {
  LogFormat format;
  std::string operator()(std::string_view text) const {
    return format == LogFormat::kJson ? as_json(text) : as_logfmt(text);
  }
  std::string operator()(int64_t number) const { return std::to_string(number); }
  std::string operator()(uint64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return as_number(number); }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
};

void append_field(std::string& line, LogFormat format, const Field& field) {
  const std::string value = std::visit(ValueText{format}, field.value);
  if (format == LogFormat::kJson) {
    line += "," + as_json(field.name) + ":" + value;
  } else {
    line += " ";
    line += field.name;
    line += "=" + value;
  }
}

}  // namespace

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  ASSERT(false && "a level has a name");
  return {};
}

std::string render_fields(LogFormat format, Fields fields) {
  std::string text;
  for (const Field& field : fields) append_field(text, format, field);
  return text;
}

std::string render_line(LogFormat format, Timestamp at, LogLevel level, std::string_view message,
                        std::string_view bound, Fields fields) {
  std::string line;
  const std::string time = format_rfc3339(at);
  for (const Field& field : {Field("ts", time), Field("level", name_of(level)), Field("msg", message)}) {
    append_field(line, format, field);
  }
  line += bound;
  line += render_fields(format, fields);
  if (format == LogFormat::kLogfmt) return line.substr(1);
  line[0] = '{';
  return line + "}";
}

}  // namespace doorbuster::ops
