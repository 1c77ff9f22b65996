// GET /{code}: sends visitors on. What costs the most is done the most often, so this looks at little: the reactor's
// own memory of the link, the clock, and who comes; the click is written down behind the answer.
#pragma once

#include "base/slot_pool.h"
#include "links/api/click_recorder.h"
#include "links/api/link_cache.h"
#include "links/api/visitor.h"
#include "net/loop.h"
#include "platform/api/call.h"

namespace doorbuster::links {

// 404, on a page for who would rather read one.
void respond_no_link(const platform::Call& call);
void respond_no_link(net::Exchange& exchange, std::string_view path, bool as_page);
// 503: the store can't be read.
void respond_link_unreadable(net::Exchange& exchange, std::string_view path);

class Redirects {
 public:
  // All outlive it.
  Redirects(net::Loop& loop, LinksClient& cell, LinkCache& links, ClickRecorder& clicks, ClickReader& reader);

  // The path's parameter has the form of a code.
  void follow(const platform::Call& call);

 private:
  // Somebody who has come to a link that may be visited so many times.
  struct Waiting {
    net::Ticket exchange;
    std::string code;
    bool wants_page = false;
  };

  // Without a click nobody follows it.
  void ask_for_visit(const platform::Call& call, const LinkCache::Known& known, const std::optional<Click>& click);
  void take_visit(const LinksClient::Answer& answer);

  net::Loop& loop_;
  LinksClient& cell_;
  LinkCache& links_;
  ClickRecorder& clicks_;
  ClickReader& reader_;
  const uint32_t owner_;
  SlotPool<Waiting> waiting_;
};

}  // namespace doorbuster::links
