// The files of web/, compiled in (cmake/EmbedFiles.cmake writes the other half).
#pragma once

#include <span>
#include <string_view>

namespace doorbuster::app {

struct EmbeddedFile {
  std::string_view name;  // relative to web/
  std::string_view content;
};

[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace doorbuster::app
