// What a server says of a sale that is archived: the same as before, from its archive.
#include <set>

#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

class Archiving : public testing::ApiTest {
 protected:
  explicit Archiving(uint32_t cells = testing::cells_of_environment()) : ApiTest({.cells = cells}) {}

  // Two buy, one lets a hold end, others wait; the sale is closed.
  void live_through(std::string_view queue) {
    create(R"("units":3,"queue":")" + std::string(queue) + R"(")", "2026-11-27T10:05:00Z");
    as_operator("PATCH", kPs5, R"({"message":"Two a customer"})");
    const bool has_queue = queue != "none";
    if (!has_queue) wait(300);
    std::map<std::string, Answer> joined;
    for (int i = 0; has_queue && i < 6; ++i) {
      if (queue == "fifo" && i == 0) wait(300);
      joined["c" + std::to_string(i)] = join("c" + std::to_string(i));
    }
    if (queue == "draw") wait(301);
    int held = 0;
    for (int i = 0; i < 6; ++i) {
      const std::string who = "c" + std::to_string(i);
      const Answer hold = reserve(who);
      if (hold.status != 201 || held++ == 2) continue;
      as_customer(who, "POST", hold_path(hold) + "/payment");
      provider_says(hold, "succeeded", 1, "ref-" + who);
    }
    EXPECT_EQ(held, 3) << queue;
    wait(60);
    as_operator("POST", std::string(kPs5) + "/close", R"({"reason":"sold out"})");
    wait(900);
  }

  // All sales.
  void archive() {
    wait(31LL * 24 * 3600);
    catch_up();
    const AllViews& views = server_.service().context().views;
    server_.service().directory().page()->for_each([&](const Listing& sale) {
      const ArchivedSales& archived = views.of(sale.number).archived();
      for (int i = 0; i < 5'000 && !archived.is_filed(sale.number); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      EXPECT_TRUE(archived.is_filed(sale.number)) << sale.settings.id;
      EXPECT_TRUE(server_.archive().states().contains("sale-" + std::to_string(sale.number.value())));
    });
  }

  // Over HTTP/1.0, where a table ends with the connection.
  std::string whole(const std::string& path) {
    net::testing::Client client = server_.connect();
    client.send("GET " + path + " HTTP/1.0\r\nHost: shop.example\r\n" + server_.operator_key() + "\r\n\r\n");
    return Answer::parse(client.read_to_end()).body;
  }

  // All that is asked of a sale that is over, but its trail, which goes on, and its line, which is forgotten.
  std::map<std::string, std::string> all_that_is_said(const std::string& sale = std::string(kPs5)) {
    catch_up();
    std::map<std::string, std::string> said;
    for (const std::string what : {"", "/report", "/orders", "/flow"}) {
      const Answer answer = as_operator("GET", sale + what);
      EXPECT_EQ(answer.status, 200) << sale << what << answer.body;
      said[what] = answer.body;
    }
    said["etag"] = ask("GET", sale).header("etag");
    for (const std::string what : {"/orders.csv", "/transcript"}) said[what] = whole(sale + what);
    const std::string link = as_operator("GET", sale + "/report").text("share_url");
    said["shared"] = ask("GET", sale + "/report" + link.substr(link.find('?'))).body;
    return said;
  }
};

class ArchivedSale : public Archiving, public ::testing::WithParamInterface<const char*> {};

TEST_P(ArchivedSale, is_shown_as_it_was) {
  const std::string queue = GetParam();
  live_through(queue);
  const auto before = all_that_is_said();
  const double lines = as_operator("GET", std::string(kPs5) + "/audit").number("lines/0/sequence");
  archive();
  EXPECT_EQ(all_that_is_said(), before);
  const Answer audit = as_operator("GET", std::string(kPs5) + "/audit");
  EXPECT_EQ(audit.number("lines/0/sequence"), lines);
  EXPECT_THAT(audit.body, HasSubstr(R"("action":"archived")"));
  EXPECT_THAT(whole(std::string(kPs5) + "/audit.csv"), HasSubstr(",archived,"));
  EXPECT_EQ(as_operator("GET", std::string(kPs5) + "/board").text("sale/state"), "closed");
  EXPECT_EQ(as_operator("GET", std::string(kPs5) + "/queue").number("total"), queue == "none" ? 0 : 6);
  server_.crash_and_restart();
  EXPECT_EQ(all_that_is_said(), before) << "after a restart";
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, ArchivedSale, ::testing::Values("none", "fifo", "draw"));

class ArchivedInCells : public Archiving {
 protected:
  ArchivedInCells() : Archiving(4) {}
};

// The first hold of each cell has the same number, and each sale's archive has its own.
TEST_F(ArchivedInCells, each_sale_is_shown_as_it_was) {
  std::map<std::string, std::map<std::string, std::string>> before;
  std::set<CellId> used;
  for (const std::string name : {"a", "b", "c", "d", "e"}) {
    const std::string sale = std::string(testing::kSales) + "/" + name;
    as_operator("POST", testing::kSales,
                R"({"id":")" + name + R"(","title":"t","units":3,"opens_at":"2026-11-27T10:00:00Z","queue":"none"})");
    const Answer hold = as_customer("of-" + name, "POST", sale + "/holds");
    as_customer("of-" + name, "POST", hold_path(hold) + "/payment");
    EXPECT_EQ(provider_says(hold, "succeeded", 1, "ref-" + name).status, 200);
    as_operator("POST", sale + "/close", R"({"reason":"enough"})");
    used.insert(cell_of(server_.service().directory().page()->find(name)->number));
  }
  EXPECT_GT(used.size(), 2U);
  wait(900);
  for (const std::string name : {"a", "b", "c", "d", "e"}) {
    const std::string sale = std::string(testing::kSales) + "/" + name;
    before[sale] = all_that_is_said(sale);
    EXPECT_THAT(before[sale]["/orders.csv"], HasSubstr("ref-" + name));
  }
  archive();
  for (const auto& [sale, said] : before) EXPECT_EQ(all_that_is_said(sale), said) << sale;
  server_.crash_and_restart();
  for (const auto& [sale, said] : before) EXPECT_EQ(all_that_is_said(sale), said) << sale << " after a restart";
}

class LostArchive : public Archiving {};

TEST_F(LostArchive, says_so_until_it_is_made_again) {
  live_through("none");
  archive();
  server_.archive().lose_all();
  EXPECT_THAT(as_operator("GET", std::string(kPs5) + "/report"), Refuses(503, "archive-lost"));
  EXPECT_THAT(as_operator("GET", std::string(kPs5) + "/orders.csv"), Refuses(503, "archive-lost"));
  server_.crash_and_restart();
  catch_up();
  EXPECT_EQ(as_operator("GET", std::string(kPs5) + "/report").status, 200) << "made again from the log";
}

}  // namespace
}  // namespace doorbuster::sale
