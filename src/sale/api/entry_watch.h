// Entries that are being watched over server-sent events (WHATWG HTML, 9.2): a piece is sent when something has
// changed, and a comment now and then so that proxies keep the connection.
//
// Every watch asks the cell again as often as its estimate says (next_poll_seconds), but at least every second near the
// front, so many watchers cost what as many polls would, without their connections and headers.
#pragma once

#include <string>
#include <vector>

#include "net/exchange.h"
#include "net/loop.h"
#include "sale/api/desk.h"

namespace doorbuster::sale {

// An entry as JSON, with what can be said about its chances now.
[[nodiscard]] std::string entry_json(Desk& desk, const EntryView& entry);

class EntryWatch {
 public:
  // At most so many streams on one reactor; one more is answered with 503.
  static constexpr size_t kWatchesMax = 50'000;
  // In tickets: this answer belongs to a watch, not to an exchange.
  static constexpr uint64_t kTicketBit = uint64_t{1} << 63;

  EntryWatch(Desk& desk, net::Loop& loop, SalePort& port) : desk_(desk), loop_(loop), port_(port) {}

  void begin(net::Exchange& exchange, const EntryView& entry);
  // The cell has looked for a watch.
  void take(const SaleAnswer& answer);
  // A few times a second.
  void tick();

 private:
  struct Watch {
    net::Ticket stream;
    EntryNumber entry;
    std::string sent;  // the newest piece
    int64_t next_look_us = 0;
    int64_t last_sent_us = 0;
    bool asking = false;
    bool in_use = false;
  };

  void send(Watch& watch, net::Exchange& exchange, const EntryView& entry);
  void end(Watch& watch);

  Desk& desk_;
  net::Loop& loop_;
  SalePort& port_;
  std::vector<Watch> watches_;
  std::vector<uint32_t> free_;
};

}  // namespace doorbuster::sale
