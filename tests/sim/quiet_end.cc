// How a world ends: nothing goes wrong any more, everything drains, and then the books have to balance.
#include "sim/world.h"

namespace doorbuster::sim {

void World::become_calm() {
  site_.trace.note("calm");
  site_.calm = true;
  clients_.ids().end_session();
  cells_are_to_be_raised_ = false;
  if (next_fault_at_ > site_.disk.operations()) {
    site_.disk.fail_at(next_fault_at_ - site_.disk.operations(), log::Fault::kNone);
  }
  for (const uint64_t operation : site_.plan.power_loss_at) {
    if (operation > site_.disk.operations()) {
      site_.disk.fail_at(operation - site_.disk.operations(), log::Fault::kNone);
    }
  }
  // Somebody has set the clock right, and what a wrong clock has brought about stays so.
  site_.clock.set_wrong_by(std::max(Duration(), site_.furthest - site_.events.now()));
  // ... and starts a server anew that would take hours to come to it.
  std::erase_if(servers_, [](const Server& server) { return server.is_apart_from_wall(); });
  tidy_up();
}

void World::tidy_up() {
  if (!power_is_off_) {
    remove_servers_but(owner());
    if (servers_.empty()) add_server();
  }
  bank_.close_for_the_day();
  if (Server* server = owner()) server->enable_webhooks();
  if (const Server* server = owner()) operators_.wind_up(server->states());
  site_.events.in(Duration::seconds(30), [this] { tidy_up(); });
}

bool World::is_drained() {
  Server* server = owner();
  if (server == nullptr || !server->is_up_to_date()) return false;
  if (clients_.waiting() > 0 || bank_.events_under_way() > 0) return false;
  const CellStates states = server->states();
  if (states.sale_count() != site_.plan.sales.size()) return false;
  bool is_over = true;
  states.for_each_sale([&](sale::SaleNumber, const sale::Sale& sale) {
    const bool opens_later = sale.state == sale::SaleState::kScheduled || sale.state == sale::SaleState::kPrequeue;
    const bool has_work = sale.waiting > 0 && sale.available > 0 && sale.state == sale::SaleState::kOpen;
    if (opens_later || has_work || sale.held + sale.paying + sale.offered + sale.refunds_due > 0) is_over = false;
  });
  if (!is_over) return false;
  server->follow_to_the_end();
  const auto backlog = server->outboxes().backlog();
  return backlog.payments_open + backlog.refunds_due == 0 && server->has_told_all();
}

void World::inspect_end() {
  Server* server = owner();
  if (server == nullptr || !server->is_quiet()) {
    return site_.promises.breaks("at the quiet end no server owns the log and has nothing to do");
  }
  server->follow_to_the_end();
  inspect_rest(site_, *server);
  if (clients_.waiting() > 0) site_.promises.breaks("at the quiet end somebody still waits for an answer");
  history_.check(server->states());
  inspect_money(site_, server->states(), bank_);
  readings_.forget();
  inspect_replay(site_, readings_, *server);
  inspect_logs(site_, readings_);
  answer_book_.check();
  inspect_lines(readings_, *server);
  inspect_views(site_, *server);
  if (site_.plan.has_webhooks) receiver_.check(*server);
  if (!site_.promises.broken()) restart_and_compare();
}

void World::restart_and_compare() {
  const std::vector<std::byte> before = owner()->saved_states();
  servers_.clear();
  add_server();
  if (servers_.front().saved_states() != before) site_.promises.breaks("after the last restart the state is another");
}

}  // namespace doorbuster::sim
