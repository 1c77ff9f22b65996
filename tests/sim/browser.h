// A browser of the staff's: logs in with the key, lends its session to what operators ask, logs out, and tries again
// what is over.
//
// A session is good at every server, whatever becomes of them, until somebody has asked to end it or its time is up. At
// the process that has ended it, and at every one that starts later, it is never good again.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "sim/requests.h"
#include "sim/site.h"

namespace doorbuster::sim {

class Browser {
 public:
  // Hands a request to a server, if one is there.
  using Deliver = std::function<void(uint64_t ticket, std::string request)>;

  Browser(Site& site, PublicIds& ids, Deliver deliver) : site_(site), ids_(ids), deliver_(std::move(deliver)) {}

  void server_starts(uint32_t server) { newest_server_ = server; }
  // Does something now; what that is depends on what it has.
  void act();

  // By their numbers tickets are told from those of others.
  [[nodiscard]] static bool is_ticket(uint64_t ticket) { return ticket >= kFirstTicket; }
  void answered(uint64_t ticket, const std::string& answer, uint32_t server);

 private:
  static constexpr uint64_t kFirstTicket = uint64_t{1} << 40U;
  enum class What : uint8_t { kLogIn, kLook, kLogOut, kLogOutWithoutToken };

  struct Session {
    StaffSession staff;
    std::string cookie;
    Timestamp expires_at;
    std::set<uint32_t> ended_at;      // servers
    uint32_t ended_from = UINT32_MAX;  // the first server that has started since
  };
  struct Asked {
    What what{};
    size_t session = 0;
    std::set<uint32_t> ended_at;  // when it was sent
    uint32_t ended_from = UINT32_MAX;
    bool is_good = false;  // nobody had asked to end it
    Duration wrong_by;     // the clock
  };

  void send(What what, size_t session);
  [[nodiscard]] std::string request_for(What what, const Session* session) const;
  void note_ended(Session& session, uint32_t server) const;
  void take_log_in(const std::string& answer);
  void judge(const Asked& asked, bool is_believed, uint32_t server);

  Site& site_;
  PublicIds& ids_;
  const Deliver deliver_;
  uint64_t tickets_ = kFirstTicket;
  uint32_t newest_server_ = 0;
  std::map<uint64_t, Asked> asked_;
  std::deque<Session> sessions_;  // the newest is in use, unless it is to end
};

}  // namespace doorbuster::sim
