// What a request for a short link says of whoever sent it.
#pragma once

#include <optional>
#include <string>

#include "base/text_memo.h"
#include "links/api/link_rules.h"
#include "links/api/registrable_domain.h"
#include "links/api/user_agents.h"
#include "links/api/visitor_hash.h"
#include "links/machine/click.h"
#include "net/request.h"
#include "platform/api/gate.h"

namespace doorbuster::links {

// What visitors are known by; all threads share it.
struct VisitorKnowledge {
  UserAgents agents;
  RegistrableDomains domains;
};

// Of the host in a Referer field what somebody registered, in small letters, and of an application its whole name;
// empty if there is none that can be read.
[[nodiscard]] std::string referrer_in(std::string_view referer, const RegistrableDomains& domains);

struct RequestHints;

// Makes clicks of requests. Of a reactor: it remembers what was made of the texts that come again and again.
class ClickReader {
 public:
  // Both outlive it, the key need not.
  ClickReader(const VisitorKnowledge& knowledge, const platform::Gate& gate, Bytes master_key)
      : knowledge_(knowledge), gate_(gate), hasher_(master_key) {}

  // A visit of the link with this number; nothing if nobody follows it, but is only shown where it leads, or fetches it
  // ahead (HEAD; Sec-Purpose, Purpose: Fetch standard, section 2.2.7).
  //
  // Client hints that were sent (W3C User-Agent Client Hints) are believed before the user agent. A person who asks not
  // to be tracked (Sec-GPC, W3C Global Privacy Control; DNT, W3C Tracking Preference Expression) has no visitor hash.
  [[nodiscard]] std::optional<Click> read(const net::Request& request, uint64_t link, Timestamp now);

  // The same of a link that asks who comes: the click in any case, whether it counts as one, and what rules may ask
  // for.
  struct Seen {
    Click click;
    bool is_click = false;
    VisitorFacts facts;
  };
  [[nodiscard]] Seen look(const net::Request& request, uint64_t link, Timestamp now);
  // What would be seen of somebody with that address and user agent, who says nothing else.
  [[nodiscard]] Click imagine(std::string_view user_agent, const net::PeerAddress& address, Timestamp now);
  // For a click, of a Referer field.
  [[nodiscard]] BoundedText<kReferrerBytesMax> referrer(std::string_view referer);

 private:
  static constexpr size_t kAgentsRemembered = 2'048;
  static constexpr size_t kReferrersRemembered = 1'024;

  struct Agent {
    UserAgent agent;
    uint64_t hash = 0;
  };

  [[nodiscard]] Agent agent_of(std::string_view user_agent);
  [[nodiscard]] Click click_of(const net::Request& request, const RequestHints& hints, uint64_t link, Timestamp now);

  const VisitorKnowledge& knowledge_;
  const platform::Gate& gate_;
  VisitorHasher hasher_;
  TextMemo<Agent> agents_{kAgentsRemembered};
  TextMemo<BoundedText<kReferrerBytesMax>> referrers_{kReferrersRemembered};
};

}  // namespace doorbuster::links
