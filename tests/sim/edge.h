// The HTTP edge of a simulated server: the real connections, routes and handlers on a loop without sockets, whose clock
// is the simulation's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/testing/manual_loop.h"
#include "platform/api/routes.h"
#include "sim/site.h"

namespace doorbuster::sim {

class Edge {
 public:
  // How far the log of each cell was durable.
  using Tails = std::vector<Sequence>;
  // With what was kept for the request.
  using Answered = std::function<void(uint64_t ticket, const Tails& came_at, const std::string& answer)>;

  // A part of an answer that goes on, as it has left.
  using Streamed = std::function<void(uint64_t ticket, const Tails& came_at, const std::string& part)>;

  // Answers are told in the order in which they leave.
  Edge(const Site& site, Answered answered, Streamed streamed);

  [[nodiscard]] net::Loop& loop() { return loop_; }
  // What requests are handed to.
  // The clock outlives it.
  void serve(platform::Routes routes, const Clock& clock);

  // A request arrives, on a connection of its own. False if there is no room for one more.
  [[nodiscard]] bool take(uint64_t ticket, const Tails& came_at, const std::string& request);

  // The same, of a request whose answer may go on.
  [[nodiscard]] bool take_stream(uint64_t ticket, const Tails& came_at, const std::string& request);
  // Whoever sent that request is gone.
  void hang_up(uint64_t ticket);
  // Whether the answer to it goes on, or is still to come.
  [[nodiscard]] bool is_open(uint64_t ticket) const { return streams_.contains(ticket); }
  // Asks what goes on to end.
  void drain();
  [[nodiscard]] bool has_streams() const { return !streams_.empty(); }

  // The answer to what needs no decision.
  [[nodiscard]] std::string answer_now(const std::string& request);

  // One turn of the loop, at the simulation's time.
  void turn();
  // Something wants a turn.
  [[nodiscard]] bool is_notified() const { return loop_.is_notified(); }
  // Somebody waits for an answer; with time alone something may be due.
  [[nodiscard]] bool is_waited_for() const { return asked_.size() > streams_.size(); }

 private:
  struct Asked {
    uint64_t ticket = 0;
    Tails came_at;       // as they were then
    std::string answer;  // as much of it as is there, or of what goes on its end
    bool is_stream = false;
  };

  [[nodiscard]] bool take(Asked asked, const std::string& request);
  void tell_answers();
  void tell_part(uint32_t connection, Asked& asked);
  [[nodiscard]] bool is_over(uint32_t connection, const Asked& asked);
  [[nodiscard]] uint32_t connection();
  void keep(uint32_t connection);

  const Site& site_;
  const Answered answered_;
  const Streamed streamed_;
  Timestamp turned_at_;
  net::testing::ManualLoop loop_;
  std::unique_ptr<platform::RoutedHandler> handler_;
  std::map<uint32_t, Asked> asked_;       // by connection
  std::map<uint64_t, uint32_t> streams_;  // the connection, by ticket
  std::vector<uint32_t> idle_;            // connections that are kept
};

}  // namespace doorbuster::sim
