// What a crash between the counts of links and the links leaves: nothing is written to the store after the counts are
// in the log.
#include "links/api/link_importer.h"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "cell/cell.h"
#include "cell/host.h"
#include "cell/runner.h"
#include "links/api/routing.h"
#include "links/store/memory/memory_link_store.h"
#include "links/views/click_counts.h"
#include "links/views/memory/memory_count_store.h"
#include "log/memory/memory_log.h"
#include "platform/views/follower.h"

namespace doorbuster::links {
namespace {

using ::testing::HasSubstr;

constexpr CellId kTestCell{4'096};
const LinkBase kGoExample({.base_url = "https://go.example"});

// A server's life, on a log and a store that outlive it.
struct Life {
  Life(log::Log& log, MemoryLinkStore& store)
      : writer(store, [](const std::string&) {}),
        importer(store, writer, kGoExample, blocks),
        cell(
            kTestCell, log, [] { return std::make_unique<LinksMachine>(); }, [](LinksMachine::Publication&&) {}),
        host(log, clock),
        runner(host, cell, probe, {.on_durable = [](Sequence) {}, .on_trouble = [](const std::string&) {}}) {
    cell.attach(importer.port());
    EXPECT_TRUE(runner.claim().has_value());
    writer.start();
    host.start();
  }
  ~Life() {
    writer.stop();
    host.stop();
  }
  BulkAnswer take(const std::string& body) {
    return importer.take({.body = body, .now = clock.now(), .import = ImportAsked{.product = Product::kShlink}});
  }

  SystemClock clock;
  TakeDowns take_downs;
  ThreatLists threats{{}};
  Blocks blocks{take_downs, threats, &destinations_of};
  LinkWriter writer;
  LinkImporter importer;
  cell::Cell<LinksMachine> cell;
  cell::CellProbe probe;
  cell::Host host;
  cell::CellRunner runner;
};

TEST(LinkImporter, counts_once_what_was_sent_again_after_a_crash_before_the_links_were_there) {
  const std::string body = R"([{"shortCode":"few","longUrl":"https://shop.example/","meta":{"maxVisits":10},
      "visitsSummary":{"total":7,"nonBots":6,"bots":1}}])";
  log::MemoryLog log;
  MemoryLinkStore store;
  {
    Life first(log, store);
    first.writer.stop();
    EXPECT_EQ(first.take(body).status, net::Status::kServiceUnavailable);
    EXPECT_EQ(store.size(), 0U);
  }
  uint64_t events = 0;
  {
    Life second(log, store);
    EXPECT_THAT(second.take(body).json, HasSubstr(R"("created":1,"already_there":0,)"));
    EXPECT_THAT(second.take(body).json, HasSubstr(R"("created":0,"already_there":1,)"));
    events = second.probe.durable_tail.load();
  }
  ClickCounts counts(std::make_unique<MemoryCountStore>(), size_t{1} << 20);
  ASSERT_TRUE(counts.open(Sequence(events)).has_value());
  platform::Follower follower(log, {kTestCell}, counts, {.on_trouble = [](const std::string&) {}});
  follower.start({Sequence(events)});
  while (!follower.caught_up()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const Link link = store.find("few").value().value();
  EXPECT_NE(link.number, 0U);
  EXPECT_EQ(counts.of(link.number).value().value().total, (Tally{.by_visitor = {6, 1}}));
  EXPECT_EQ(counts.of(0).value().value().total, (Tally{.by_visitor = {6, 1}})) << "those of a number that no link got";
  follower.stop();
}

TEST(LinkImporter, makes_no_link_whose_counts_are_not_in_the_log) {
  log::MemoryLog log;
  MemoryLinkStore store;
  Life life(log, store);
  life.runner.release();
  EXPECT_EQ(life.take(R"([{"shortCode":"a","longUrl":"https://shop.example/","visitsCount":7}])").status,
            net::Status::kServiceUnavailable);
  EXPECT_EQ(store.size(), 0U);
}

}  // namespace
}  // namespace doorbuster::links
