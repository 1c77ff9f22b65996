// The files of web/, compiled in (cmake/embed_pages.py writes the other half).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace doorbuster::app {

// How long a cache may keep a file without asking.
enum class CachePolicy : uint8_t {
  kRevalidated,  // some seconds: what a stampede asks for, and what the next version changes
  kDay,          // pictures
  kForever,      // its name is made from its content
  kForAnyPage,   // as the first; pages of other origins may use it
  kTemplate,     // nobody is served it as it is
};

struct EmbeddedFile {
  std::string_view path;
  std::string_view content_type;
  std::string_view tag;  // of the content, without quotes
  CachePolicy cache_policy;
  std::string_view content;
  std::string_view gzipped;  // empty if that is no gain
};

[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace doorbuster::app
