// Just enough of HTTP/1.1 to tell where one answer ends: a status line and Content-Length, no chunks.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace doorbuster::bench {

struct Answer {
  uint32_t status = 0;  // 0: what came is not an answer that this reader understands
  std::string_view body;
  size_t size = 0;  // of head and body
};

// Nothing if more bytes have to come.
[[nodiscard]] std::optional<Answer> read_answer(std::string_view received);

}  // namespace doorbuster::bench
