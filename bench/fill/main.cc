// bench_fill: makes a data folder's keys and log as a server with a history would have left them, without the server:
// many live holds in one open sale ("holds"), or many sales that were sold out, closed and archived long ago
// ("history"). The commands go through the machine, the cell and the log of production, under a clock of the tool's
// own. Prints one line of JSON.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "auth/keys.h"
#include "base/json_writer.h"
#include "base/prng.h"
#include "cell/cell.h"
#include "log/rocksdb/rocksdb_log.h"
#include "sale/machine/machine.h"

namespace doorbuster::bench {
namespace {

using SalePort = cell::Port<sale::Machine>;

constexpr CellId kFilledCell{0};
constexpr size_t kUnderWay = 4'096;
constexpr Duration kDay = Duration::seconds(24 * 3'600);
constexpr int kArchivedDays = 40;  // a history ended so long ago
constexpr int kKeptDays = 30;      // a sale is archived so long after its close, and not at once but in slices
constexpr int kSlicesMax = 100'000;
constexpr uint32_t kHoldSeconds = 86'400;

struct FillOptions {
  std::string folder;
  uint32_t sales = 2'000;
  uint32_t units = 1'667;  // of each sale of a history: three events a unit
  uint32_t days = 300;     // from the first of them to the last
  uint32_t holds = 4'000'000;
};

CustomerHash filled_customer(uint64_t index) {
  uint64_t state = index * 2;
  const uint64_t high = splitmix64(state);
  return {high, splitmix64(state)};
}

// A cell that is driven by hand.
class Filler {
 public:
  Filler(std::unique_ptr<log::RocksdbLog> log, const sale::Capacity& capacity)
      : log_(std::move(log)),
        port_(kUnderWay, [] {}),
        cell_(
            kFilledCell, *log_, [capacity] { return std::make_unique<sale::Machine>(capacity); }, [](auto&&) {},
            cell::CellOptions{.events_a_snapshot = UINT64_MAX}) {
    cell_.attach(port_);
  }

  Result<void> begin(Timestamp now) {
    now_ = now;
    TRY(cell_.recover(now_));
    return {};
  }

  // From now on it is later.
  void advance(Duration by) {
    now_ = now_ + by;
    settle();
  }

  // Lets as many milliseconds pass as it takes until the sale, whose time has come, is archived.
  void archive(sale::SaleNumber sale) {
    for (int slices = 0; cell_.machine().state().find_sale(sale) != nullptr; ++slices) {
      ASSERT(slices < kSlicesMax);
      now_ = now_ + Duration::millis(1);
      if (!cell_.turn(now_)) settle();  // it has more to append than it can hold
    }
  }

  // Asks; what must not be refused was not when this returns. The replies come in the order of the questions.
  void ask(sale::Command&& command) {
    if (port_.under_way() == port_.capacity()) settle();
    ASSERT(port_.submit(0, std::move(command)));
  }

  // Until everything that was asked is durable, and nothing is due.
  void settle() {
    for (bool has_more = true; has_more || port_.under_way() > 0;) {
      has_more = cell_.turn(now_);
      for (; auto batch = cell_.begin_append(); has_more = true)
        cell_.finish_append(log_->append(cell_.lease(), *batch));
      port_.drain([this](SalePort::Answer&& answer) {
        ASSERT(answer.status == cell::ReplyStatus::kDecided && answer.reply.outcome == sale::Outcome::kDone);
        replies_.push_back(answer.reply);
      });
    }
  }

  // Since the last call.
  std::vector<sale::Reply> take_replies() {
    settle();
    return std::exchange(replies_, {});
  }

  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] uint64_t events() { return cell_.lease().tail.value(); }

 private:
  const std::unique_ptr<log::RocksdbLog> log_;
  SalePort port_;
  cell::Cell<sale::Machine> cell_;
  Timestamp now_;
  std::vector<sale::Reply> replies_;
};

sale::SaleNumber put_on(Filler& filler, const std::string& id, uint32_t units) {
  auto settings = std::make_unique<sale::Settings>();
  settings->id = id;
  settings->title = "Bench";
  settings->units = units;
  settings->queue = sale::QueueKind::kNone;
  settings->opens_at = filler.now();
  settings->hold_seconds = kHoldSeconds;
  filler.ask(sale::CreateSale{std::move(settings), false, {}});
  return filler.take_replies().back().sale;
}

// Each unit is held, its payment is started, and it is paid.
void sell_out(Filler& filler, sale::SaleNumber sale, uint32_t units) {
  const auto customer_of = [&](uint32_t unit) { return filled_customer(uint64_t{sale.value()} * units + unit); };
  for (uint32_t i = 0; i < units; ++i) filler.ask(sale::Reserve{sale, customer_of(i), {}});
  const std::vector<sale::Reply> held = filler.take_replies();
  for (uint32_t i = 0; i < units; ++i) filler.ask(sale::StartPayment{held[i].hold->number, customer_of(i), {}});
  for (const sale::Reply& started : filler.take_replies()) {
    filler.ask(
        sale::SettlePayment{started.hold->number, started.hold->attempts, sale::PaymentResult::kSucceeded, "bench"});
  }
  (void)filler.take_replies();
}

void fill_with_history(Filler& filler, const FillOptions& options) {
  const Duration each = Duration::micros(kDay.micros() * options.days / options.sales);
  std::deque<std::pair<sale::SaleNumber, Timestamp>> kept;  // and when each was closed
  const auto archive_what_is_due = [&] {
    const Timestamp due = filler.now() - Duration::micros(kDay.micros() * kKeptDays);
    for (; !kept.empty() && kept.front().second < due; kept.pop_front()) filler.archive(kept.front().first);
  };
  for (uint32_t i = 0; i < options.sales; ++i) {
    const sale::SaleNumber sale = put_on(filler, "old-" + std::to_string(i), options.units);
    sell_out(filler, sale, options.units);
    filler.ask(sale::ActOnSale{sale, sale::SaleAction::kClose, {}});
    (void)filler.take_replies();
    kept.emplace_back(sale, filler.now());
    filler.advance(each);
    archive_what_is_due();
  }
  filler.advance(Duration::micros(kDay.micros() * kArchivedDays));
  archive_what_is_due();
  filler.settle();
  ASSERT(kept.empty());
}

void fill_with_holds(Filler& filler, const FillOptions& options) {
  const sale::SaleNumber sale = put_on(filler, "filled", options.holds + 1);
  for (uint32_t i = 0; i < options.holds; ++i) filler.ask(sale::Reserve{sale, filled_customer(i), {}});
  (void)filler.take_replies();
}

Result<uint64_t> fill(const FillOptions& options, bool with_history) {
  const sale::Capacity capacity{.sales = options.sales + 1,
                                .holds = std::max(options.sales * options.units, options.holds) + 1'000'000,
                                .entries = 1'000,
                                .sale_share_percent = 100};
  std::filesystem::create_directories(options.folder);
  (void)TRY(auth::KeyStore::open(options.folder, SystemClock().now()));  // no server starts on a log without keys
  Filler filler(TRY(log::RocksdbLog::start({.directory = std::filesystem::path(options.folder) / "log"})), capacity);
  const Timestamp now = SystemClock().now();
  TRY(filler.begin(with_history ? now - Duration::micros(kDay.micros() * (int64_t{options.days} + kArchivedDays + 1))
                                : now));
  with_history ? fill_with_history(filler, options) : fill_with_holds(filler, options);
  return filler.events();
}

}  // namespace
}  // namespace doorbuster::bench

int main(int argc, char** argv) {
  using namespace doorbuster::bench;
  FillOptions options;
  CLI::App line("Fills a data folder with a history.", "bench_fill");
  line.require_subcommand(1);
  CLI::App* history = line.add_subcommand("history", "sales that were sold out and archived long ago");
  history->add_option("--sales", options.sales)->check(CLI::Range(1, 100'000));
  history->add_option("--units", options.units)->check(CLI::Range(1, 100'000));
  history->add_option("--days", options.days)->check(CLI::Range(1, 10'000));
  CLI::App* holds = line.add_subcommand("holds", "live holds in one open sale");
  holds->add_option("--holds", options.holds)->check(CLI::Range(1, 100'000'000));
  for (CLI::App* command : {history, holds}) command->add_option("--data", options.folder)->required();
  CLI11_PARSE(line, argc, argv);
  const auto events = fill(options, line.got_subcommand(history));
  if (!events) {
    std::fprintf(stderr, "bench_fill: %s\n", events.error().message.c_str());
    return 2;
  }
  std::string text;
  doorbuster::JsonWriter(text).begin_object().member("ok", true).member("events", *events).end_object();
  return std::puts(text.c_str()) < 0 ? 1 : 0;
}
