// Entries that are being watched over server-sent events (WHATWG HTML, 9.2): a piece is sent when something has
// changed, and a comment now and then so that proxies keep the connection.
//
// Every watch asks the cell again as often as its distance to the front says, twice a second close to it, so many
// watchers cost what as many polls would, without their headers. When something happens to a whole sale (it opens, is
// drawn, paused, changed), all who watch it are told at once: their looks go through the port in a pipeline that leaves
// half of it to requests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "auth/sealed_id.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "net/exchange.h"
#include "net/loop.h"
#include "sale/api/catalog.h"
#include "sale/api/deferred_calls.h"

namespace doorbuster::sale {

// The members of an entry's object, which the reply is about, with what can be said about its chances now.
void write_entry_now(JsonWriter& json, const Reply& reply, const SaleCatalog& catalog, const auth::IdSealer& ids,
                     Timestamp now);

// 503: whoever asks may poll instead.
void respond_too_many_watchers(net::Exchange& exchange);

class EntryWatch {
 public:
  // At most so many streams on one reactor; one more is answered with 503.
  static constexpr size_t kWatchesMax = 50'000;

  // All outlive it.
  EntryWatch(SaleCatalog& catalog, const auth::IdSealer& ids, const Clock& clock, net::Loop& loop, SaleClient& cell);

  void begin(net::Exchange& exchange, const Reply& found);
  // The cell has looked for a watch.
  void take(const SaleAnswer& answer);
  // After answers were taken: there is room for further looks.
  void go_on() { ask_for_due(); }
  // Many times a second: whether something has happened to a whole sale.
  void note_changes();
  // A few times a second: whose turn it is to look.
  void tick();

 private:
  enum class Step : uint8_t { kFree, kIdle, kDue, kAsking, kAskingAgain };

  // Small, because there may be as many as people who wait: a server's memory is mostly these and their connections.
  struct Watch {
    net::Ticket stream;
    EntryNumber entry;
    uint64_t sent_hash = 0;  // of the newest piece
    int64_t next_look_us = 0;
    int64_t last_sent_us = 0;
    SaleNumber sale;
    Step step = Step::kFree;
  };

  // What all watchers of a sale are told at once if it changes.
  struct Stage {
    uint64_t listing_version = 0;
    SaleState state{};
    bool is_drawn = false;
    bool operator==(const Stage&) const = default;
  };
  struct WatchedSale {
    uint32_t watchers = 0;
    Stage stage;
  };

  [[nodiscard]] Stage stage_of(SaleNumber sale);
  void send(Watch& watch, net::Exchange& exchange, const Reply& found);
  void end(Watch& watch);
  void make_due(Watch& watch);
  void make_all_due(SaleNumber sale);
  void ask_for_due();
  void end_all();

  SaleCatalog& catalog_;
  const auth::IdSealer& ids_;
  const Clock& clock_;
  net::Loop& loop_;
  SaleClient& cell_;
  const uint32_t owner_;
  std::vector<Watch> watches_;
  std::vector<uint32_t> free_;
  std::vector<uint32_t> due_;  // from next_due_ on: the watches that shall look, in this order
  size_t next_due_ = 0;
  std::map<SaleNumber, WatchedSale> sales_;
  std::string piece_;
};

}  // namespace doorbuster::sale
