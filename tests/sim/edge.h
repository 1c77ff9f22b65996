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

  // Answers are told in the order in which they leave.
  Edge(const Site& site, Answered answered);

  [[nodiscard]] net::Loop& loop() { return loop_; }
  // What requests are handed to.
  void serve(platform::Routes routes);

  // A request arrives, on a connection of its own. False if there is no room for one more.
  [[nodiscard]] bool take(uint64_t ticket, const Tails& came_at, const std::string& request);

  // The answer to what needs no decision.
  [[nodiscard]] std::string answer_now(const std::string& request);

  // One turn of the loop, at the simulation's time.
  void turn();
  // Something wants a turn.
  [[nodiscard]] bool is_notified() const { return loop_.is_notified(); }
  // Somebody waits for an answer; with time alone something may be due.
  [[nodiscard]] bool is_waited_for() const { return !asked_.empty(); }

 private:
  void tell_answers();
  [[nodiscard]] uint32_t connection();

  const Site& site_;
  const Answered answered_;
  Timestamp turned_at_;
  net::testing::ManualLoop loop_;
  std::unique_ptr<platform::RoutedHandler> handler_;
  struct Asked {
    uint64_t ticket = 0;
    Tails came_at;       // as they were then
    std::string answer;  // as much of it as is there
  };
  std::map<uint32_t, Asked> asked_;  // by connection
  std::vector<uint32_t> idle_;       // connections that are kept
};

}  // namespace doorbuster::sim
