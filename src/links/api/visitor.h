// What a request for a short link says of whoever sent it.
#pragma once

#include <string>

#include "base/text_memo.h"
#include "links/api/user_agents.h"
#include "links/machine/click.h"
#include "net/request.h"
#include "platform/api/gate.h"

namespace doorbuster::links {

// Whether somebody follows the link, and is not only shown where it leads or fetches it ahead (HEAD; Sec-Purpose,
// Purpose: Fetch standard, section 2.2.7).
[[nodiscard]] bool is_visit(const net::Request& request);

// The host in a Referer field, in small letters and without "www."; empty if there is none that can be read.
[[nodiscard]] std::string referrer_in(std::string_view referer);

// Makes clicks of requests. Of a reactor: it remembers what was made of the texts that come again and again.
class ClickReader {
 public:
  // Both outlive it.
  ClickReader(const UserAgents& agents, const platform::Gate& gate) : agents_(agents), gate_(gate) {}

  // A visit of the link with this number. Client hints that were sent (W3C User-Agent Client Hints) are believed before
  // the user agent.
  [[nodiscard]] Click read(const net::Request& request, uint64_t link);

 private:
  static constexpr size_t kAgentsRemembered = 2'048;

  const UserAgents& agents_;
  const platform::Gate& gate_;
  TextMemo<UserAgent> known_agents_{kAgentsRemembered};
};

}  // namespace doorbuster::links
