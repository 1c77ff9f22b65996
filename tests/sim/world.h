// A whole world out of one seed: servers, disk, network, customers, staff and bank, and everything that goes wrong.
#pragma once

#include <deque>
#include <list>

#include "sim/archiving.h"
#include "sim/browser.h"
#include "sim/inspection.h"
#include "sim/operators.h"

namespace doorbuster::sim {

struct RunResult {
  std::string broken;  // the promise; empty if all were kept
  uint64_t steps = 0;
  uint64_t disk_operations = 0;
  uint64_t recoveries = 0;
  size_t acknowledged = 0;
  Digest log_end{};  // of the state: two runs of one seed have the same
  Digest trace{};    // and of all that happened, if that was noted
};

class World {
 public:
  World(const Plan& plan, TraceMode mode, size_t keep_lines);

  RunResult run();
  void print_trace() const { site_.trace.print_last(); }

 private:
  void deliver(uint64_t ticket, std::string request);
  [[nodiscard]] Watchers::Network network_of_watchers();
  [[nodiscard]] ServerHooks hooks_of(uint32_t number);
  void add_server();
  void remove_servers_but(const Server* keep);
  void start_again(uint32_t number);
  void claimed(CellId cell, Epoch epoch);
  void recovered(Server& server);
  [[nodiscard]] Server* owner();
  [[nodiscard]] Server& somebody();

  void begin();
  bool go_on();  // one step; false when a promise is broken
  void check_step();
  void plan_disk_fault();
  void power_back();
  // Does it again and again, about every so often, until the quiet end.
  void every(Duration mean, void (World::*act)());
  void kill_server();
  void pause_server();
  void take_over();
  void hand_over();
  void restart_gracefully();
  void raise_cells();
  void jump_clock();
  void enable_webhooks();
  void use_browser() { browser_.act(); }
  void meddle() { operators_.meddle(); }
  void inspect_now();

  void become_calm();
  void tidy_up();
  [[nodiscard]] bool is_drained();
  void inspect_end();
  void restart_and_compare();

  template <class Reached>
  [[nodiscard]] bool wait_until(Reached&& reached);
  void let_a_month_pass();
  void trouble_archiving(uint32_t times);

  Site site_;
  History history_;
  LogReadings readings_;
  AnswerBook answer_book_;
  Clients clients_;
  Watchers watchers_;
  Browser browser_;
  Bank bank_;
  Receiver receiver_;
  Shop shop_;
  Operators operators_;
  std::deque<Customer> customers_;
  std::list<Server> servers_;
  uint32_t servers_made_ = 0;
  bool power_is_off_ = false;
  bool restart_is_due_ = false;
  bool cells_are_to_be_raised_ = false;  // when no server runs
  uint64_t next_fault_at_ = 0;
  uint64_t recoveries_ = 0;
};

}  // namespace doorbuster::sim
