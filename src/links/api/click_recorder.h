// Clicks on their way to the log: collected while a reactor's turn lasts, and handed to the cell at its end, so that
// the visitor is not kept waiting and a thousand clicks are one command.
//
// What the cell can't take at once waits here, up to a bound. What is beyond it, or what the cell could not make
// durable, is lost, and counted: whoever visited was sent on all the same.
#pragma once

#include <vector>

#include "links/machine/links_machine.h"
#include "ops/metrics/counter.h"
#include "platform/api/cell_client.h"

namespace doorbuster::links {

using LinksClient = platform::CellClient<LinksMachine>;
// A client's first, and here its only, line: the number of the cell behind it is the service's business.
inline constexpr CellId kLine{0};

class ClickRecorder {
 public:
  static constexpr size_t kWaitingMax = 65'536;

  // Which outlives it.
  explicit ClickRecorder(LinksClient& cell)
      : cell_(cell), owner_(cell.add_owner([this](const LinksClient::Answer& answer) { take(answer); })) {}

  void note(const Click& click) {
    if (waiting_.size() == kWaitingMax) return lost_.add();
    waiting_.push_back(click);
  }
  // At the end of a turn, before the cell's own hook.
  void flush();

  // Any thread.
  [[nodiscard]] uint64_t durable() const { return durable_.value(); }
  [[nodiscard]] uint64_t lost() const { return lost_.value(); }

 private:
  void take(const LinksClient::Answer& answer);

  LinksClient& cell_;
  const uint32_t owner_;
  std::vector<Click> waiting_;
  ops::Counter durable_;
  ops::Counter lost_;
};

}  // namespace doorbuster::links
