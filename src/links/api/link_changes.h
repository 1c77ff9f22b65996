// Links that operators make, change and take away, on their way through the writer: what each call waits for, and how
// it goes on.
//
// A new link needs a number first. A reactor has a stock of them, reserved in the cell before the first is used; when
// it runs out, whoever comes waits for the next range. A generated code that somebody has chosen as an alias is passed
// over.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/slot_pool.h"
#include "links/api/click_recorder.h"
#include "links/api/code_maker.h"
#include "links/api/link_json.h"
#include "links/api/link_traffic.h"
#include "links/api/password_queue.h"
#include "links/api/registrable_domain.h"
#include "links/store/link_writer.h"
#include "net/loop.h"
#include "ops/metrics/counter.h"
#include "platform/api/call.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {

// 412: it is not as it was read.
void respond_link_changed(net::Exchange& exchange, std::string_view instance);

class LinkChanges {
 public:
  // All outlive it.
  LinkChanges(net::Loop& loop, LinksClient& cell, LinkWriter& writer, PasswordQueue& passwords, const CodeMaker& codes,
              const LinkBase& base, const RegistrableDomains& domains, LinkTraffic& traffic);

  // Each answers now or later. A new link is counted against the limit of its owner, if it has one; a request that
  // comes again under its key is answered as before.
  void create(const platform::Call& call, NewLink created, platform::IdempotencyKey key = {});
  // Of a link that was read before: whoever changes it meanwhile wins, and this one is told 412.
  void replace(const platform::Call& call, ChangedLink changed);
  void erase(const platform::Call& call, Link link);
  // For nobody who waits, unless there is too much to do: false.
  bool erase(Link link);

  // At the end of a turn.
  void flush() { line_.flush(); }

  // Any thread.
  [[nodiscard]] uint64_t created() const { return created_.value(); }

 private:
  // A call that waits.
  struct Pending {
    std::optional<net::Ticket> exchange;  // nothing: nobody waits
    Change change;
    bool is_generated = false;  // its code
    std::string instance;
    Timestamp now;
    std::string password = {};  // to be hashed before all else; empty: none
  };

  void begin(const platform::Call& call, Change change, std::string password = {});
  void hash_password(uint32_t index);
  [[nodiscard]] net::Exchange* waiting_for(const Pending& pending);
  void go_on(uint32_t index);
  void submit(uint32_t index);
  void take(LinkWriter::Answer&& answer);
  void take_numbers(const LinksClient::Answer& answer);
  void ask_for_numbers();
  void finish(net::Exchange& exchange, const Pending& pending, const LinkWriter::Answer& answer);
  void give_up(uint32_t index, std::string_view why);
  static void respond_refused(net::Exchange& exchange, const Pending& pending, const Change& change);

  net::Loop& loop_;
  LinksClient& cell_;
  PasswordQueue& passwords_;
  const CodeMaker& codes_;
  const LinkBase& base_;
  const RegistrableDomains& domains_;
  LinkTraffic& traffic_;
  const uint32_t numbers_owner_;
  const uint32_t visits_owner_;
  net::Inbox& inbox_;
  LinkWriter::Line line_;
  SlotPool<Pending> pending_;
  std::deque<uint32_t> without_number_;
  uint64_t next_number_ = 0;
  uint64_t numbers_end_ = 0;
  bool is_asking_ = false;
  ops::Counter created_;
};

}  // namespace doorbuster::links
