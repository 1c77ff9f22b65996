// Clicks of links as they are counted, told to those who watch over server-sent events: at once what there is, and
// then, a few times a second at most, what it has become.
#pragma once

#include <string>
#include <vector>

#include "links/store/link_store.h"
#include "links/views/click_counts.h"
#include "net/loop.h"

namespace doorbuster::links {

class LiveClicks {
 public:
  // At most so many streams on one reactor; one more is answered with 503.
  static constexpr size_t kWatchesMax = 1'000;
  static constexpr Duration kPeriod = Duration::millis(250);
  // Then a stream ends, and whoever goes on watching shows their key again.
  static constexpr Duration kLifeMax = Duration::seconds(3'600);

  // All outlive it.
  LiveClicks(net::Loop& loop, const LinkStore& store, const ClickCounts& counts)
      : loop_(loop), store_(store), counts_(counts) {}

  void begin(net::Exchange& exchange, std::string_view path, const Link& link);
  // Once in a period.
  void tick();

 private:
  struct Watch {
    net::Ticket stream;
    std::string code;
    uint64_t link = 0;
    ClickCounts::Edition edition = {};  // of what was seen
    RecordTotal seen = {};
    Tally told = {};
    bool is_told = false;  // anything
    int64_t began_us = 0;
    int64_t last_sent_us = 0;
  };

  void look();
  // Whether that was the end of it.
  [[nodiscard]] bool tell(Watch& watch);
  [[nodiscard]] bool is_there(const Watch& watch) const;

  net::Loop& loop_;
  const LinkStore& store_;
  const ClickCounts& counts_;
  std::vector<Watch> watches_;
  std::string piece_;
};

}  // namespace doorbuster::links
