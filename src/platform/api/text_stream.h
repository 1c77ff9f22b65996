// Long texts on their way to those who asked for them (records, tables): a piece whenever the peer has read the one
// before, so that a million lines are never in memory at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/loop.h"
#include "net/response.h"

namespace doorbuster::platform {

class TextStream {
 public:
  // Adds text to a piece until about `bytes` are there, at most a line of kLineBytesMax more; true if that was the end.
  using Give = std::function<bool(size_t bytes, std::string& piece)>;
  static constexpr size_t kLineBytesMax = 16 * 1024;

  explicit TextStream(net::Loop& loop) : loop_(loop) {}

  // The same of what may fail in the middle: whoever reads it is not told that it is the end.
  using GiveOrFail = std::function<Result<bool>(size_t bytes, std::string& piece)>;

  // Answers with `head` and then whatever `give` gives, from its first line to its last.
  void begin(net::Exchange& exchange, const net::Response& head, Give give);
  void begin_or_fail(net::Exchange& exchange, const net::Response& head, GiveOrFail give);
  // Every few milliseconds.
  void tick();

 private:
  struct Reader {
    net::Ticket stream;
    GiveOrFail give;
  };
  // Whether that was the end of it.
  [[nodiscard]] bool feed(Reader& reader);

  net::Loop& loop_;
  std::vector<Reader> readers_;
  std::string piece_;
};

}  // namespace doorbuster::platform
