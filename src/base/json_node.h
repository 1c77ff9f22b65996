// How a JsonDocument keeps a parsed value: internal to base/json*.cc.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace doorbuster {

enum class JsonKind : uint8_t { kNull, kBoolean, kInteger, kNumber, kString, kArray, kObject };

struct JsonNode {
  JsonKind kind = JsonKind::kNull;
  bool asked = false;  // somebody read this member
  bool huge = false;   // an integer above INT64_MAX, kept in `large`
  uint32_t index = 0;  // among its parent's children
  uint32_t size = 0;   // of an array or object
  JsonNode* parent = nullptr;
  JsonNode* next = nullptr;   // sibling
  JsonNode* child = nullptr;  // first
  std::string_view key;       // of an object's member
  std::string_view text;      // of a string
  union {
    int64_t integer = 0;
    uint64_t large;
    double number;
    bool boolean;
  };
};

static_assert(std::is_trivially_destructible_v<JsonNode>, "nodes live in a raw buffer and are never destroyed");

// What a failed parse leaves for finish().
struct JsonParsed {
  JsonNode* root = nullptr;
  std::string_view reason;  // why root is null
  size_t at = 0;            // byte of the text at which it went wrong
};

// The bytes of working memory that parse_json needs for this text.
size_t json_memory(std::string_view text);

// Parses into `memory` (aligned for JsonNode, of at least json_memory(text) bytes).
JsonParsed parse_json(std::string_view text, uint32_t max_depth, void* memory);

}  // namespace doorbuster
