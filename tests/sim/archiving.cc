#include "sim/archiving.h"

#include <algorithm>
#include <array>

#include "sim/server_keys.h"
#include "sim/world.h"

namespace doorbuster::sim {
namespace {

constexpr Duration kMonth = Duration::seconds(31LL * 86'400);
constexpr Duration kPatience = Duration::seconds(3'600);

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: shop.example\r\n" + ServerKeys::get().operator_field() + "\r\n\r\n";
}

// What somebody reads of an answer; all of it where it is not what was asked for.
std::string page_in(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 200 ") ? answer.substr(answer.find("\r\n\r\n")) : answer;
}

bool are_closed(const Server& server) {
  bool all = true;
  server.states().for_each_sale([&](sale::SaleNumber, const sale::Sale& sale) {
    all = all && sale.state == sale::SaleState::kClosed && sale.held + sale.paying + sale.offered == 0;
  });
  return all;
}

}  // namespace

Pages pages_of(const Plan& plan, Server& server) {
  Pages pages;
  for (const sale::Settings& sale : plan.sales) {
    for (const std::string_view what : {"", "/report", "/orders", "/flow"}) {
      const std::string path = "/api/v1/sales/" + sale.id + std::string(what);
      pages[path] = page_in(server.ask_now(get(path)));
    }
  }
  return pages;
}

bool are_archived(const Server& server) {
  size_t filed = 0;
  for (const CellId cell : server.cells()) {
    const sale::State& state = server.machine(cell).state();
    for (uint32_t index = 0; index < state.sale_count(); ++index)
      filed += server.views(cell).archived().is_filed(state.number_of_sale(index));
  }
  return server.states().sale_count() == filed;
}

// Until it is so, or a promise is broken.
template <class Reached>
bool World::wait_until(Reached&& reached) {
  const Timestamp patience = site_.events.now() + kPatience;
  while (!site_.promises.broken() && site_.events.now() < patience) {
    Server* server = owner();
    if (server != nullptr && server->is_up_to_date() && server->views_have_caught_up() && reached(*server)) return true;
    if (!go_on()) return false;
  }
  if (!site_.promises.broken()) site_.promises.breaks("an hour was not enough to archive the sales");
  return false;
}

void World::let_a_month_pass() {
  site_.trace.note("all sales are closed");
  operators_.close_all();
  if (!wait_until([&](Server& server) { return are_closed(server) && is_drained(); })) return;
  const Pages before = pages_of(site_.plan, *owner());
  for (const auto& [path, page] : before) {
    if (page.starts_with("HTTP")) site_.promises.breaks("a sale that is over is not shown: " + path + ": " + page);
  }
  site_.trace.note("a month later");
  site_.a_month_later = true;
  site_.clock.set_wrong_by(site_.clock.now() - site_.events.now() + kMonth);
  // No server believes that as it runs.
  servers_.clear();
  add_server();
  trouble_archiving(4);
  const auto filed = [](Server& server) {
    server.follow_to_the_end();
    return are_archived(server);
  };
  if (!wait_until(filed)) return;
  // What is archived is durable.
  if (site_.random.chance(2)) {
    if (!site_.disk.crashed()) site_.disk.crash();
    check_step();
  } else {
    restart_gracefully();
  }
  if (!wait_until(filed)) return;
  for (const auto& [path, page] : pages_of(site_.plan, *owner())) {
    if (page != before.at(path)) {
      site_.trace.note("before: ", before.at(path), "\nafter: ", page);
      site_.promises.breaks("another answer is given of an archived sale: " + path);
    }
  }
}

// Now and then something happens to the server, a few seconds after the month is over.
void World::trouble_archiving(uint32_t times) {
  if (times == 0) return;
  site_.events.in(site_.up_to(Duration::seconds(3)), [this, times] {
    const uint64_t what = site_.random.below(4);
    if (what == 0) kill_server();
    if (what == 1) restart_gracefully();
    if (what >= 2) site_.disk.fail_at(1 + site_.random.below(12), log::Fault::kCrash);
    trouble_archiving(times - 1);
  });
}

}  // namespace doorbuster::sim
