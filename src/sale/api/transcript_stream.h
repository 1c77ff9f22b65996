// Transcripts on their way to those who asked for them: a piece whenever the peer has read the one before.
#pragma once

#include <vector>

#include "sale/api/desk.h"

namespace doorbuster::sale {

class TranscriptStream {
 public:
  TranscriptStream(Desk& desk, net::Loop& loop) : desk_(desk), loop_(loop) {}

  // Answers with the transcript from its first line to its last.
  void begin(net::Exchange& exchange, const DrawBook::Cursor& cursor);
  // Every few milliseconds.
  void tick();

 private:
  struct Reader {
    net::Ticket stream;
    DrawBook::Cursor cursor;
  };
  // Whether that was the end of it.
  [[nodiscard]] bool feed(Reader& reader);

  Desk& desk_;
  net::Loop& loop_;
  std::vector<Reader> readers_;
  std::string piece_;
};

}  // namespace doorbuster::sale
