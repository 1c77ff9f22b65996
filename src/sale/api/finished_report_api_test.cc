// The report of a sale with a draw, the link to it, and its tables.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::kPs5;
using ::testing::Not;
using testing::Refuses;
using ::testing::StartsWith;

class FinishedReport : public testing::ApiTest {
 protected:
  // Opens in five minutes, and takes entries at once.
  FinishedReport() { create(R"("units":10,"claim_seconds":60)", "2026-11-27T10:05:00Z"); }

  Answer report(std::string_view what = "/report") {
    catch_up();
    return as_operator("GET", std::string(kPs5) + std::string(what));
  }
  // By the link, as whoever got it.
  Answer shared(std::string_view what = "/report") {
    const std::string link = report().text("share_url");
    return ask("GET", std::string(kPs5) + std::string(what) + link.substr(link.find('?')));
  }
  // Over HTTP/1.0, where it ends with the connection.
  Answer table(std::string_view what) {
    catch_up();
    net::testing::Client client = server_.connect();
    client.send("GET " + std::string(kPs5) + std::string(what) + " HTTP/1.0\r\nHost: shop.example\r\n" +
                server_.operator_key() + "\r\n\r\n");
    return Answer::parse(client.read_to_end());
  }
  void pay(const std::string& sub, const std::string& reference = "r") {
    const Answer held = reserve(sub);
    as_customer(sub, "POST", hold_path(held) + "/payment");
    provider_says(held, "succeeded", 1, reference);
  }
  void draw(int customers) {
    for (int i = 0; i < customers; ++i) joined_["c" + std::to_string(i)] = join("c" + std::to_string(i));
    wait(300);
  }
  // Whoever has an offer buys.
  int sell_what_is_offered() {
    int sold = 0;
    for (const auto& [sub, entry] : joined_) {
      if (as_customer(sub, "GET", entry_path(entry)).text("state") != "offered") continue;
      pay(sub);
      ++sold;
    }
    return sold;
  }

  std::map<std::string, Answer> joined_;
};

TEST_F(FinishedReport, measures_how_fast_and_how_fair_it_was) {
  draw(40);
  wait(2);
  EXPECT_EQ(sell_what_is_offered(), 10);
  const Answer answer = report();
  EXPECT_EQ(answer.text("is_over"), "true");
  EXPECT_EQ(answer.text("opened_at"), "2026-11-27T10:05:00.000Z");
  EXPECT_EQ(answer.text("seconds_to_all_sold"), "2");
  EXPECT_EQ(answer.text("velocity/held/best_second"), "10");
  EXPECT_EQ(answer.text("velocity/sold/units"), "10");
  EXPECT_EQ(answer.text("velocity/sold/per_second"), "5");
  EXPECT_EQ(answer.text("funnel/entries"), "40");
  EXPECT_EQ(answer.number("funnel/offered_of_entries"), 0.25);
  EXPECT_EQ(answer.text("funnel/held_of_offers"), "1");
  EXPECT_EQ(answer.text("funnel/sold_of_holds"), "1");
  EXPECT_EQ(answer.text("fairness/kendall_tau"), "1");
  EXPECT_EQ(answer.text("fairness/offers_in_order"), "true");
  EXPECT_EQ(answer.text("fairness/uniformity/entries"), "40");
  EXPECT_EQ(answer.text("fairness/uniformity/bins"), "2");
  EXPECT_EQ(answer.text("fairness/by_arrival/0/entries"), "4");
  EXPECT_GT(answer.number("fairness/jain_index"), 0.1);
  EXPECT_LT(answer.number("fairness/jain_index_by_chance"), 1);
  EXPECT_EQ(answer.text("invariants/units_add_up"), "true");
  EXPECT_EQ(answer.text("invariants/holds_end_once"), "true");
  EXPECT_EQ(answer.text("sale/draw/drawn"), "true");
}

TEST_F(FinishedReport, tells_who_did_not_come) {
  draw(12);
  wait(61);  // nobody took the offer; two more are offered a unit
  const Answer first = report();
  EXPECT_EQ(first.text("offers_lapsed"), "10");
  EXPECT_EQ(first.number("no_shows/offers_lapsed"), 0.8333);
  EXPECT_EQ(first.text("no_shows/holds_expired"), "null");
  EXPECT_EQ(first.text("velocity/held/per_second"), "null");
  EXPECT_EQ(sell_what_is_offered(), 2);
  EXPECT_EQ(report().number("funnel/held_of_offers"), 0.1667);
}

TEST_F(FinishedReport, is_read_by_its_link_once_the_sale_is_over) {
  draw(12);
  EXPECT_THAT(report().text("share_url"), StartsWith("/reports/ps5?share="));
  for (const char* what : {"/report", "/flow"}) EXPECT_THAT(shared(what), Refuses(409, "sale-not-over"));
  sell_what_is_offered();
  const Answer answer = shared();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("sale/sold"), "10");
  EXPECT_EQ(answer.text("share_url"), "absent");
  EXPECT_EQ(shared("/flow").status, 200);
}

TEST_F(FinishedReport, is_read_by_its_link_when_the_sale_was_closed) {
  as_operator("POST", std::string(kPs5) + "/close");
  EXPECT_EQ(shared().status, 200);
  EXPECT_EQ(shared().text("fairness/uniformity"), "null");
  EXPECT_EQ(shared().text("fairness/by_arrival"), "null");
}

TEST_F(FinishedReport, is_closed_to_links_that_are_wrong_or_of_another_sale) {
  as_operator("POST", testing::kSales, R"({"id":"other","title":"O","units":1,"opens_at":"2026-11-27T10:00:00Z"})");
  as_operator("POST", std::string(kPs5) + "/close");
  catch_up();
  const std::string link = as_operator("GET", "/api/v1/sales/other/report").text("share_url");
  const std::string own = report().text("share_url");
  for (const std::string& query : {link.substr(link.find('?')), own.substr(own.find('?'), own.size() - 20),
                                   std::string("?share="), std::string("?share=%00")}) {
    EXPECT_THAT(ask("GET", std::string(kPs5) + "/report" + query), Refuses(403, "link-refused")) << query;
  }
  EXPECT_THAT(ask("GET", "/api/v1/sales/none/report" + own.substr(own.find('?'))), Refuses(404, "sale-not-found"));
  for (const char* what : {"/orders", "/orders.csv", "/audit", "/audit.csv"})
    EXPECT_THAT(shared(what), Refuses(401, "operator-key-needed")) << what;
}

TEST_F(FinishedReport, says_the_same_after_it_was_built_anew) {
  draw(40);
  as_customer("c7", "DELETE", entry_path(joined_["c7"]));
  sell_what_is_offered();
  const std::string before = report().body + table("/orders.csv").body + table("/audit.csv").body;
  server_.crash_and_restart();
  EXPECT_EQ(report().body + table("/orders.csv").body + table("/audit.csv").body, before);
}

TEST_F(FinishedReport, lists_orders_as_a_table_without_formulas) {
  draw(1);
  pay("c0", "=1+1");
  const Answer orders = table("/orders.csv");
  EXPECT_EQ(orders.header("content-type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(orders.header("content-disposition"), "attachment; filename=\"orders-ps5.csv\"");
  EXPECT_THAT(orders.body, StartsWith("order,hold,customer,state,refund,attempts,started_at,settled_at,"));
  EXPECT_THAT(orders.body,
              EndsWith(",sold,none,1,2026-11-27T10:05:00.000Z,2026-11-27T10:05:00.000Z,,,\"'=1+1\",,,\r\n"));
  const std::string id = report("/orders").text("orders/0/id");
  EXPECT_THAT(orders.body, HasSubstr("\r\n" + id + ","));
  EXPECT_EQ(std::ranges::count(orders.body, '\n'), 2);
}

TEST_F(FinishedReport, lists_who_did_what_as_a_table) {
  as_operator("PATCH", kPs5, R"({"units":11,"title":"a, \"b\"","reason":"+more"})");
  const Answer audit = table("/audit.csv");
  EXPECT_THAT(audit.body, StartsWith("sequence,at,actor,action,detail,reason,entry,hold\r\n1,2026-11-27T"));
  EXPECT_THAT(audit.body, HasSubstr(R"(,changed,"title 'PS5' -> 'a, ""b""', units 10 -> 11","'+more",,)"));
}

TEST_F(FinishedReport, streams_a_table_that_is_longer_than_one_piece) {
  const std::string reason(400, 'x');
  constexpr int kChanges = 700;
  for (int i = 0; i < kChanges; ++i)
    as_operator("PATCH", kPs5, R"({"units":)" + std::to_string(11 + i) + R"(,"reason":")" + reason + R"("})");
  const std::string body = table("/audit.csv").body;
  EXPECT_GT(body.size(), 256U * 1024) << "more than may wait for the peer";
  EXPECT_EQ(std::ranges::count(body, '\n'), 3 + kChanges) << "columns, created, prequeue";
  EXPECT_THAT(body, HasSubstr("units 709 -> 710," + reason));
  EXPECT_THAT(body, Not(HasSubstr("\r\n\r\n")));
}

}  // namespace
}  // namespace doorbuster::sale
