// Who of those who came is a person and who a bot, by the names that the server has for them: labels for
// `doorbuster guard train`, to try its whole way. Of real people and bots they say nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "auth/customer_id.h"
#include "auth/guest_cookie.h"

namespace doorbuster::stampede {

class Truth {
 public:
  // The server's own secret, by which it names people.
  explicit Truth(Bytes master_key) : customers_(master_key), cookies_(master_key, auth::CookieTransport::kHttp) {}

  void note_account(std::string_view subject, bool is_bot) { note(customers_.of_subject(subject), is_bot); }
  // As the header Cookie has it.
  void note_guest(std::string_view cookie, bool is_bot) {
    if (const auto guest = cookies_.read(cookie)) note(customers_.of_guest(*guest), is_bot);
  }

  // A file of labels, which says that they are from a simulation, and from which.
  [[nodiscard]] std::string labels(std::string_view simulation) const;

 private:
  void note(const CustomerHash& who, bool is_bot) { is_bot_[who.high] = is_bot; }

  const auth::CustomerHasher customers_;
  const auth::GuestCookies cookies_;
  std::map<uint64_t, bool> is_bot_;  // by the half of their hash that the decision log has
};

}  // namespace doorbuster::stampede
