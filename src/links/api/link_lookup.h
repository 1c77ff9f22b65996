// From a code that a visitor asks for to its link: the one way there, for whatever is shown of it, so that nobody can
// try out codes at one address when they may not at another.
//
// What the reactor remembers is answered whoever asks, so a link that people follow stays open to everybody behind an
// address that somebody guesses from. All else is looked for only while the gate lets whoever asks have another guess,
// and each that was nobody's is counted against them.
#pragma once

#include <string>

#include "links/api/link_base.h"
#include "links/api/link_cache.h"
#include "links/api/link_traffic.h"
#include "platform/api/call.h"
#include "platform/api/gate.h"

namespace doorbuster::links {

// 404, on a page for who would rather read one.
void respond_no_link(const platform::Call& call);
void respond_no_link(net::Exchange& exchange, std::string_view path, bool as_page);
// 503: the store can't be read.
void respond_link_unreadable(net::Exchange& exchange, std::string_view path);

class LinkLookup {
 public:
  // All outlive it.
  LinkLookup(LinkCache& links, platform::Gate& gate, LinkTraffic& traffic, const LinkBase& base)
      : links_(links), gate_(gate), traffic_(traffic), base_(base) {}

  // The link with this code, which has the form of one, on the domain that the visitor asks; valid until the next call.
  // Null if there is none, or it was taken down, or if whoever asks has asked for too many that were nobody's, or if it
  // can't be read: that has been answered.
  [[nodiscard]] const LinkCache::Known* find(const platform::Call& call, std::string_view code);

  // There is nothing at the path that was asked for. Who wanted to follow a link is sent where the domain says, if it
  // does; all others hear 404.
  void respond_nobodys(const platform::Call& call) const;

  // Of somebody who has come by find() and waited, `code` being that of the link that was found: answered likewise.
  [[nodiscard]] const LinkCache::Known* find_again(net::Exchange& exchange, std::string_view code, bool as_page);

 private:
  LinkCache& links_;
  platform::Gate& gate_;
  LinkTraffic& traffic_;
  const LinkBase& base_;
};

}  // namespace doorbuster::links
