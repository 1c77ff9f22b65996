// Long random runs of the machine beside the reference: every reply and every status has to be the same.
//
// DOORBUSTER_SEED=n runs one seed, DOORBUSTER_SEEDS=n that many of each profile; DOORBUSTER_SHOW_SEEDS=1 names each
// seed before it is run, for when the process dies of an assertion.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "sale/machine/machine_test_fixture.h"
#include "sale/machine/model_test_commands.h"
#include "sale/machine/model_test_reference.h"

namespace doorbuster::sale {
namespace {

constexpr int kSteps = 250;
constexpr Capacity kTight = {.sales = 3, .holds = 24, .entries = 40, .operator_keys = 6, .annotation_bytes = 2'000};

std::string sentence(const Reply& reply) {
  std::string text = "outcome " + std::to_string(static_cast<int>(reply.outcome)) + ", sale " +
                     std::to_string(reply.sale.value()) + " state " + std::string(name_of(reply.sale_state)) +
                     ", units " + std::to_string(reply.units);
  if (reply.hold) {
    text += ", hold " + std::to_string(reply.hold->number.packed()) + " " + std::string(name_of(reply.hold->state)) +
            " attempts " + std::to_string(reply.hold->attempts) + " refund " +
            std::string(name_of(reply.hold->refund)) + " until " + std::to_string(reply.hold->expires_at.micros());
  }
  if (reply.entry) {
    text += ", entry " + std::to_string(reply.entry->number.packed()) + " " + std::string(name_of(reply.entry->state)) +
            " position " + std::to_string(reply.entry->position) + " ahead " +
            std::to_string(reply.entry->people_ahead) + " until " + std::to_string(reply.entry->claim_until.micros()) +
            " delayed until " + std::to_string(reply.entry->delayed_until.micros());
  }
  return text + ", reference '" + reply.annotations->client_reference + "', metadata " + reply.annotations->metadata +
         ", customer '" + reply.annotations->customer_id + "'";
}

// The reference knows the sales of one cell, as cell 0.
void move(Command& command, CellId cell) {
  std::visit(
      [&](auto& what) {
        if constexpr (requires { what.sale; }) what.sale = sale_number(cell, index_of(what.sale));
      },
      command);
}

void move(Reply& reply, CellId cell) {
  reply.sale = sale_number(cell, index_of(reply.sale));
  if (reply.hold) reply.hold->sale = sale_number(cell, index_of(reply.hold->sale));
  if (reply.entry) reply.entry->sale = sale_number(cell, index_of(reply.entry->sale));
}

// Every second run is of another cell than the first.
class Run {
 public:
  Run(const Profile& profile, uint64_t seed)
      : profile_(profile),
        random_(seed),
        commands_(profile_, random_),
        cell_(seed % 2 == 0 ? 0 : 200),
        reference_(kTight, now_) {
    machine_->go_live(now_);
  }

  // False at the first difference.
  bool run() {
    for (int step = 0; step < kSteps; ++step) {
      pass_time();
      act(step == 0 ? Command(commands_.create(now_)) : commands_.next(known_, now_));
      compare_all();
      if (random_.chance(100)) begin_snapshot();
      if (is_saving_ && random_.chance(4)) save_part();
      if (random_.chance(120)) start_anew();
      if (testing::Test::HasFailure()) return false;
    }
    compare_histories();
    return !testing::Test::HasFailure();
  }
  [[nodiscard]] std::vector<std::byte> state() const { return saved(*machine_); }
  [[nodiscard]] std::vector<std::byte> log_bytes() const {
    std::vector<std::byte> all;
    for (const auto& batch : log_) all.insert(all.end(), batch.payload.begin(), batch.payload.end());
    return all;
  }

 private:
  void pass_time() {
    now_ = now_ + time_step();
    const bool has_to_wait = machine_->next_deadline() > now_;
    std::vector<std::byte> payload;
    EventSink sink{payload};
    while (!machine_->tick(now_, 1 + random_.below(4), sink)) {
    }
    reference_.tick(now_);
    EXPECT_TRUE(!has_to_wait || payload.empty()) << "something happened before next_deadline()";
    keep(std::move(payload));
  }

  Duration time_step() {
    const uint64_t kind = random_.below(10);
    if (kind < 4) return {};
    if (kind < 6) return Duration::millis(static_cast<int64_t>(random_.below(6'000)));
    const auto whole = static_cast<uint64_t>(profile_.longest_step.micros() / 1'000);
    if (kind < 7) return Duration::millis(static_cast<int64_t>(random_.below(whole)));
    const std::vector<Timestamp> deadlines = reference_.deadlines();
    if (deadlines.empty()) return {};
    const Duration to_one = deadlines[random_.below(deadlines.size())] - now_;
    if (to_one.micros() <= 0 || to_one > profile_.longest_step) return {};
    return random_.chance(2) ? to_one : to_one - Duration::millis(1);  // just reached, or just missed
  }

  void act(Command command) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    move(command, cell_);
    machine_->prefetch(command);
    Reply reply = machine_->decide(command, now_, sink);
    EXPECT_TRUE(reply.outcome != Outcome::kDone || cell_of(reply.sale) == cell_);
    const bool is_of_a_sale = cell_of(reply.sale) == cell_;
    if (reply.outcome == Outcome::kDone && std::holds_alternative<ChangeSale>(command)) read_terms(reply.sale);
    move(reply, CellId{0});
    move(command, CellId{0});
    Reply expected = reference_.decide(command, now_, reply);
    if (!is_of_a_sale) expected.sale_state = {};  // what is not found is of sale 0 of cell 0, whoever says so
    EXPECT_EQ(reply, expected) << "command " << command.index() << "\n  machine:   " << sentence(reply)
                               << "\n  reference: " << sentence(expected);
    if (reply.outcome == Outcome::kDone && std::holds_alternative<Reserve>(command)) {
      known_.holds.push_back(reply.hold->number);
      known_.sales_of_holds.push_back(reply.hold->sale);
    }
    if (reply.outcome == Outcome::kDone && std::holds_alternative<Join>(command)) {
      known_.entries.push_back(reply.entry->number);
    }
    keep(std::move(payload));
  }

  // Of the sale's latest terms, which may not be its terms any more when somebody asks with them.
  void read_terms(SaleNumber number) {
    const Sale& sale = *machine_->state().find_sale(number);
    if (known_.terms.size() == 8) known_.terms.erase(known_.terms.begin());
    known_.terms.push_back(terms_tag(sale.settings, sale.message));
  }

  void compare_all() {
    known_.sales = machine_->state().sale_count();
    ASSERT_EQ(known_.sales, reference_.sale_count());
    EXPECT_EQ(broken_invariants(machine_->state()), std::vector<std::string>());
    machine_->take_publications([&](Machine::Publication&& publication) {
      for (const ArchivedId& sale : publication.archived) archived_[sale.sale] = sale.id;
      if (!publication.archived.empty()) return;
      EXPECT_FALSE(archived_.contains(publication.status.sale));
      published_[publication.status.sale] = publication.status;
      if (publication.settings) messages_[publication.status.sale] = publication.message;
    });
    for (uint32_t sale = 0; sale < known_.sales; ++sale) {
      const SaleNumber number = sale_number(cell_, sale);
      ASSERT_EQ(machine_->state().find_sale(number) == nullptr, reference_.is_archived(SaleNumber(sale)));
      if (reference_.is_archived(SaleNumber(sale))) {
        EXPECT_EQ(archived_[number], reference_.id_of(sale));
        EXPECT_EQ(*machine_->state().archived_id(number), reference_.id_of(sale));
        continue;
      }
      PublicStatus expected = reference_.status_of(sale);
      expected.sale = number;
      EXPECT_EQ(machine_->state().status_of(number), expected) << "status of sale " << sale;
      EXPECT_EQ(published_[number], expected) << "a change of sale " << sale << " was not published";
      EXPECT_EQ(messages_[number], reference_.message_of(sale));
    }
  }

  void keep(std::vector<std::byte> payload) {
    if (!payload.empty()) log_.push_back({std::move(payload), now_});
  }

  // One that is under way is given up.
  void begin_snapshot() {
    if (is_saving_) machine_->drop_snapshot();
    machine_->begin_snapshot();
    is_saving_ = true;
    next_snapshot_.clear();
    next_snapshot_at_ = log_.size();
  }
  // The smallest that there is.
  void save_part() {
    if (machine_->save_part(next_snapshot_, 1)) return;
    is_saving_ = false;
    snapshot_ = next_snapshot_;
    snapshot_at_ = next_snapshot_at_;
  }

  std::unique_ptr<Machine> from_snapshot_and_log() {
    auto machine = std::make_unique<Machine>(kTight, entry_name, cell_);
    EXPECT_TRUE(snapshot_.empty() || machine->load(snapshot_).has_value());
    for (size_t i = snapshot_at_; i < log_.size(); ++i) {
      EXPECT_TRUE(machine->apply(log_[i].payload, log_[i].time).has_value());
    }
    return machine;
  }

  // The process died and came back: nobody should notice.
  void start_anew() {
    auto machine = from_snapshot_and_log();
    EXPECT_EQ(saved(*machine), state()) << "snapshot and log give another state";
    machine_ = std::move(machine);
    is_saving_ = false;
    machine_->go_live(now_);
    reference_.restart(now_);
  }

  void compare_histories() {
    EXPECT_EQ(replayed(log_, kTight, cell_), state()) << "the log gives another state";
    EXPECT_EQ(saved(*from_snapshot_and_log()), state()) << "snapshot and log give another state";
    EXPECT_EQ(loaded_and_saved(state(), kTight, cell_), state()) << "the snapshot gives another state";
  }

  Profile profile_;
  Prng random_;
  Commands commands_;
  const CellId cell_;
  Timestamp now_ = kStart;
  std::unique_ptr<Machine> machine_ = std::make_unique<Machine>(kTight, entry_name, cell_);
  Reference reference_;
  Known known_;
  std::map<SaleNumber, PublicStatus> published_;
  std::map<SaleNumber, std::string> messages_;
  std::map<SaleNumber, std::string> archived_;
  std::vector<RecordedBatch> log_;
  std::vector<std::byte> snapshot_;
  size_t snapshot_at_ = 0;
  bool is_saving_ = false;
  std::vector<std::byte> next_snapshot_;
  size_t next_snapshot_at_ = 0;
};

uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void run_seed(const Profile& profile, uint64_t seed) {
  if (std::getenv("DOORBUSTER_SHOW_SEEDS") != nullptr) {
    std::printf("%s seed %llu\n", profile.name.c_str(), static_cast<unsigned long long>(seed));
    std::fflush(stdout);
  }
  SCOPED_TRACE("DOORBUSTER_SEED=" + std::to_string(seed) + " (" + profile.name + ")");
  Run once(profile, seed);
  if (!once.run()) return;
  Run again(profile, seed);
  ASSERT_TRUE(again.run());
  EXPECT_EQ(once.state(), again.state());
  EXPECT_EQ(once.log_bytes(), again.log_bytes());
}

void run_seeds(const Profile& profile) {
  const uint64_t chosen = from_environment("DOORBUSTER_SEED", 0);
  const uint64_t count = chosen > 0 ? 1 : from_environment("DOORBUSTER_SEEDS", 40);
  for (uint64_t i = 0; i < count && !testing::Test::HasFailure(); ++i) run_seed(profile, chosen > 0 ? chosen : i + 1);
}

TEST(Model, agrees_about_a_tiny_stock) { run_seeds({.name = "tiny stock", .units_most = 2}); }

TEST(Model, agrees_about_a_long_queue) {
  run_seeds({.name = "long queue", .units_most = 6, .customers = 30, .queues = true, .line = 25, .payment = 5});
}

TEST(Model, agrees_about_crowds_that_fill_the_tables) {
  run_seeds({.name = "crowds",
             .units_most = 30,
             .customers = 90,
             .reserve = 20,
             .line = 24,
             .payment = 3,
             .operators = 3,
             .longest_step = Duration::seconds(500)});
}

TEST(Model, agrees_about_visitors_of_a_site) {
  run_seeds({.name = "visitors",
             .units_most = 4,
             .customers = 8,
             .passes = true,
             .reserve = 12,
             .line = 20,
             .payment = 2,
             .longest_step = Duration::seconds(200)});
}

TEST(Model, agrees_about_visitors_who_hardly_find_time_to_come_in) {
  run_seeds({.name = "impatient",
             .units_most = 2,
             .customers = 3,
             .passes = true,
             .reserve = 4,
             .line = 30,
             .payment = 0,
             .operators = 1,
             .longest_step = Duration::seconds(60)});
}

TEST(Model, agrees_about_payments_in_every_order) {
  run_seeds({.name = "payments", .units_most = 4, .customers = 3, .payment = 30, .operators = 1});
}

TEST(Model, agrees_about_customers_of_several_units) {
  run_seeds(
      {.name = "several units", .units_most = 12, .customers = 2, .line = 3, .longest_step = Duration::seconds(300)});
}

TEST(Model, agrees_about_customers_who_can_not_make_up_their_minds) {
  run_seeds({.name = "fickle",
             .units_most = 3,
             .customers = 2,
             .queues = true,
             .line = 20,
             .payment = 3,
             .operators = 0,
             .longest_step = Duration::seconds(600)});
}

TEST(Model, agrees_about_draws_that_wait_for_a_beacon) {
  run_seeds({.name = "beacons",
             .units_most = 4,
             .customers = 8,
             .beacons = true,
             .queues = true,
             .line = 20,
             .payment = 3,
             .operators = 8,
             .longest_step = Duration::seconds(60)});
}

TEST(Model, agrees_about_draws_that_many_come_in_time_for) {
  run_seeds({.name = "draws",
             .units_most = 4,
             .customers = 12,
             .queues = true,
             .reserve = 6,
             .line = 30,
             .payment = 3,
             .longest_step = Duration::seconds(6),
             .notice = Duration::seconds(40)});
}

TEST(Model, agrees_about_operators_who_change_everything) {
  run_seeds({.name = "operators", .units_most = 5, .operators = 25});
}

TEST(Model, agrees_when_time_jumps_by_hours) {
  run_seeds({.name = "hours", .units_most = 4, .operators = 4, .longest_step = Duration::seconds(6 * 3600)});
}

TEST(Model, agrees_about_many_sales_one_after_another) {
  run_seeds({.name = "seasons",
             .units_most = 3,
             .customers = 3,
             .operators = 25,
             .longest_step = Duration::seconds(40 * 24 * 3600)});
}

TEST(Model, agrees_when_time_jumps_by_weeks) {
  run_seeds({.name = "weeks", .units_most = 4, .operators = 6, .longest_step = Duration::seconds(20 * 24 * 3600)});
}

}  // namespace
}  // namespace doorbuster::sale
