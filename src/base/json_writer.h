// Writes JSON (RFC 8259) straight into a string that the caller owns and reuses: no tree, no allocation of its own.
//
//   JsonWriter json(body);
//   json.begin_object().member("id", "ps5").member("units", 10'000).key("price").begin_object().member("amount",
//   49'900).end_object(); json.end_object();
//
// The caller keeps begin and end paired and gives every object's value a key. Text should be UTF-8; a byte that is not
// becomes U+FFFD, so the output is valid whatever a peer sent. A key is a literal that needs no escapes, which is
// checked while compiling; one that is known only at run time is a dynamic_key().
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace doorbuster {

inline constexpr size_t kJsonKeyBytesMax = 48;

// A literal.
class JsonKey {
 public:
  template <size_t N>
  consteval JsonKey(const char (&name)[N]) : name_(name, N - 1) {  // NOLINT(google-explicit-constructor)
    for (const char c : name_) {
      if (c < 0x20 || c == '"' || c == '\\') throw "a key that needs escapes has to be a dynamic_key()";
    }
    if (name_.size() > kJsonKeyBytesMax) throw "a key is at most 48 bytes long";
  }
  [[nodiscard]] constexpr std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }
  JsonWriter& key(JsonKey key);
  JsonWriter& dynamic_key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  template <std::integral T>
  JsonWriter& value(T number) {
    if constexpr (std::same_as<T, bool>)
      return raw(number ? "true" : "false");
    else if constexpr (std::signed_integral<T>)
      return signed_integer(number);
    else
      return unsigned_integer(number);
  }
  // The shortest text that reads back as the same number. Asserts that it is finite.
  JsonWriter& value(double number);
  JsonWriter& value(Timestamp at) { return value(std::string_view(format_rfc3339(at))); }
  JsonWriter& value(std::nullptr_t) { return raw("null"); }
  // Null when there is none.
  template <class T>
  JsonWriter& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : value(nullptr);
  }
  // A value that is JSON already.
  JsonWriter& raw(std::string_view json);

  template <class T>
  JsonWriter& member(JsonKey name, const T& content) {
    return key(name).value(content);
  }

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  JsonWriter& signed_integer(int64_t number);
  JsonWriter& unsigned_integer(uint64_t number);
  void separate();
  void quote(std::string_view text);

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace doorbuster
