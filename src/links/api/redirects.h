// GET /{code}: sends visitors on. What costs the most is done the most often, so this looks at little: the reactor's
// own memory of the link, the clock, and who comes; the click is written down behind the answer.
//
// A link that sends different visitors to different places (routing.h) costs a look at its rules more. One that has a
// password answers with a form, and what the form sends, POST /{code}, is looked at by the worker of passwords: whoever
// knows it is sent on by 303, and is a click and a visit only then.
#pragma once

#include "base/slot_pool.h"
#include "links/api/click_recorder.h"
#include "links/api/link_lookup.h"
#include "links/api/password_queue.h"
#include "links/api/visitor.h"
#include "net/loop.h"
#include "platform/api/call.h"

namespace doorbuster::links {

class Redirects {
 public:
  // All outlive it.
  Redirects(net::Loop& loop, LinksClient& cell, LinkLookup& links, ClickRecorder& clicks, ClickReader& reader,
            PasswordQueue& passwords, platform::Gate& gate, LinkTraffic& traffic);

  // The path's parameter has the form of a code.
  void follow(const platform::Call& call);
  // The same with what a password's form sends.
  void unlock(const platform::Call& call);

 private:
  // Somebody who has come to a link that may be visited so many times.
  struct Waiting {
    net::Ticket exchange = {};
    std::string code;
    bool wants_page = false;
    std::string destination = {};  // empty: as everybody
    net::Status status = {};       // then: by which
    Timestamp since = {};
    std::optional<Country> clicked_from = {};  // nothing: it is no click
    std::string domain = {};                   // of the link's own address
  };
  // What becomes of one visitor of a link that does not treat all alike.
  struct Way {
    Click click;
    bool is_click = false;
    std::optional<uint64_t> visits_max;
    Waiting onwards;
  };
  // What a password's form says.
  struct Form {
    std::string password;
    std::string referrer;
  };

  // Null where it was answered that there is none, or none now.
  [[nodiscard]] const LinkCache::Known* open_link(const platform::Call& call);
  [[nodiscard]] Way way_of(const platform::Call& call, const LinkCache::Known& known);
  void send_on(net::Exchange& exchange, Way way);
  void check(const platform::Call& call, const LinkCache::Known& known, const Form& form, Way way);
  // Without a click nobody follows it.
  void ask_for_visit(net::Exchange& exchange, const Visit& question, Waiting waiting);
  void take_visit(const LinksClient::Answer& answer);
  void note_sent_on(const Waiting& visitor);

  net::Loop& loop_;
  LinksClient& cell_;
  LinkLookup& links_;
  ClickRecorder& clicks_;
  ClickReader& reader_;
  PasswordQueue& passwords_;
  platform::Gate& gate_;
  LinkTraffic& traffic_;
  const uint32_t owner_;
  SlotPool<Waiting> waiting_;
};

}  // namespace doorbuster::links
