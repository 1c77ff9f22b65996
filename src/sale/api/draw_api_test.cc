// The draw as customers and onlookers meet it: no place before the opening, a receipt, a proof, a record to check.
#include <sstream>

#include "base/encoding.h"
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

class DrawApi : public testing::ApiTest {
 protected:
  // Opens in five minutes, and takes entries at once.
  DrawApi() { create(R"("units":1)", "2026-11-27T10:05:00Z"); }

  void open() {
    wait(300);
    catch_up();
  }
  Answer show(std::string_view sub, const Answer& joined) { return as_customer(sub, "GET", entry_path(joined)); }
  Answer receipt(std::string_view sub, const Answer& joined) {
    return as_customer(sub, "GET", entry_path(joined) + "/receipt");
  }
  // Over HTTP/1.0, where it ends with the connection.
  Answer transcript() {
    net::testing::Client client = server_.connect();
    client.send("GET " + std::string(kPs5) + "/transcript HTTP/1.0\r\nHost: shop.example\r\n\r\n");
    return Answer::parse(client.read_to_end());
  }

  static Digest digest(const std::string& hex) {
    Digest digest{};
    EXPECT_TRUE(from_hex(hex, digest)) << hex;
    return digest;
  }
  static bool proves(const Answer& receipt) {
    std::vector<Digest> proof;
    for (size_t i = 0; receipt.text("proof/" + std::to_string(i)) != "absent"; ++i)
      proof.push_back(digest(receipt.text("proof/" + std::to_string(i))));
    return proves_inclusion(digest(receipt.text("leaf")), static_cast<uint64_t>(receipt.number("index")),
                            static_cast<uint64_t>(receipt.number("entries")), proof, digest(receipt.text("root")));
  }
  // Checks the record line by line.
  static std::optional<TranscriptSummary> verified(const Answer& transcript, TranscriptVerifier& verifier) {
    std::istringstream lines(transcript.body);
    for (std::string line; std::getline(lines, line);) {
      const auto taken = verifier.line(line);
      EXPECT_TRUE(taken.has_value()) << line << ": " << taken.error().message;
    }
    const auto summary = verifier.finish();
    EXPECT_TRUE(summary.has_value()) << summary.error().message;
    return summary ? std::optional(*summary) : std::nullopt;
  }
};

TEST_F(DrawApi, is_what_a_sale_has_that_says_nothing_about_its_queue) {
  const Answer sale = ask("GET", kPs5);
  EXPECT_EQ(sale.text("queue"), "draw");
  EXPECT_EQ(sale.text("state"), "prequeue");
  EXPECT_EQ(sale.text("draw/drawn"), "false");
  EXPECT_EQ(sale.text("draw/commitment").size(), 64U);
  EXPECT_EQ(sale.text("draw/secret"), "null");
  EXPECT_EQ(sale.text("draw/transcript"), "null");
}

TEST_F(DrawApi, gives_no_place_before_the_opening_but_a_receipt) {
  const Answer joined = join("alice");
  EXPECT_EQ(joined.status, 202);
  EXPECT_EQ(joined.text("state"), "waiting");
  EXPECT_EQ(joined.text("position"), "null");
  EXPECT_EQ(joined.text("people_ahead"), "null");
  EXPECT_EQ(joined.text("receipt/index"), "0");
  EXPECT_EQ(joined.text("receipt/root"), "null");
  EXPECT_EQ(joined.text("receipt/proof"), "null");
  EXPECT_EQ(digest(joined.text("receipt/leaf")), draw_leaf(0, joined.text("id"), {}));
  EXPECT_EQ(joined.text("receipt/commitment"), ask("GET", kPs5).text("draw/commitment"));
  const Answer second = join("bob");
  EXPECT_EQ(second.text("receipt/index"), "1");
  EXPECT_EQ(second.number("odds"), 0.5) << "one unit, two people";
  EXPECT_EQ(second.text("estimated_wait"), "null");
  EXPECT_LE(second.number("next_poll_seconds"), 5);
  catch_up();
  EXPECT_EQ(join("alice").text("receipt/leaf"), joined.text("receipt/leaf")) << "the same receipt again";
  for (const char* member : {"leaf", "commitment"})
    EXPECT_EQ(receipt("alice", joined).text(member), joined.text("receipt/" + std::string(member)));
}

TEST_F(DrawApi, takes_a_nonce_into_the_leaf) {
  const Answer joined =
      ask("POST", std::string(kPs5) + "/queue", {server_.customer("alice")}, R"({"nonce":"bHVja3k"})");
  EXPECT_EQ(joined.text("receipt/nonce"), "bHVja3k");
  EXPECT_EQ(digest(joined.text("receipt/leaf")), draw_leaf(0, joined.text("id"), as_bytes("lucky")));
  open();
  EXPECT_THAT(transcript().body, HasSubstr("entry 0 " + joined.text("id") + " 6c75636b79\n"));
}

TEST_F(DrawApi, refuses_bodies_that_are_not_a_nonce) {
  for (const char* body : {R"({"nonce":"="})", R"({"nonce":7})", R"({"luck":"bHVja3k"})", "[",
                           R"({"nonce":")"
                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                           R"("})"}) {
    EXPECT_EQ(ask("POST", std::string(kPs5) + "/queue", {server_.customer("alice")}, body).status, 400) << body;
  }
}

TEST_F(DrawApi, gives_places_with_the_opening_that_everybody_can_check) {
  std::map<std::string, Answer> joined;
  for (int i = 0; i < 50; ++i) joined["c" + std::to_string(i)] = join("c" + std::to_string(i));
  const std::string commitment = ask("GET", kPs5).text("draw/commitment");
  catch_up();
  EXPECT_THAT(transcript(), Refuses(409, "not-drawn"));
  open();
  const Answer late = join("late");
  EXPECT_EQ(late.text("position"), "51");
  EXPECT_EQ(late.text("receipt"), "null");
  EXPECT_THAT(receipt("late", late), Refuses(409, "no-receipt"));
  const auto first = std::ranges::find_if(
      joined, [&](const auto& entry) { return show(entry.first, entry.second).text("state") == "offered"; });
  ASSERT_NE(first, joined.end());
  (void)as_customer(first->first, "DELETE", entry_path(first->second));
  catch_up();

  TranscriptVerifier verifier;
  const auto summary = verified(transcript(), verifier);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(to_hex(summary->head.commitment), commitment);
  EXPECT_EQ(summary->head.entries, 50U);
  EXPECT_EQ(summary->late, 1U);
  EXPECT_EQ(summary->offers, 2U);
  EXPECT_EQ(summary->left, 1U);
  for (const auto& [sub, entry] : joined) {
    EXPECT_EQ(show(sub, entry).text("position"), std::to_string(verifier.position_of(entry.text("id")).value()));
    EXPECT_TRUE(proves(receipt(sub, entry))) << sub;
    EXPECT_EQ(receipt(sub, entry).text("root"), to_hex(summary->head.root));
  }
}

TEST_F(DrawApi, gives_the_same_record_after_the_power_was_gone) {
  for (int i = 0; i < 20; ++i) join("c" + std::to_string(i));
  open();
  const std::string before = transcript().body;
  EXPECT_THAT(before, HasSubstr("end "));
  server_.crash_and_restart();
  catch_up();
  EXPECT_EQ(transcript().body, before);
}

TEST_F(DrawApi, shows_a_receipt_to_its_customer_only) {
  const Answer joined = join("alice");
  catch_up();
  EXPECT_EQ(receipt("alice", joined).status, 200);
  EXPECT_THAT(receipt("bob", joined), Refuses(404, "not-found"));
}

TEST_F(DrawApi, streams_a_record_that_is_longer_than_one_piece) {
  for (int i = 0; i < 200; ++i) {
    ask("POST", std::string(kPs5) + "/queue", {server_.customer("c" + std::to_string(i))},
        R"({"nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
  }
  open();
  TranscriptVerifier verifier;
  const auto summary = verified(transcript(), verifier);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->head.entries, 200U);
}

TEST_F(DrawApi, is_not_what_a_fifo_sale_has) {
  as_operator("POST", testing::kSales,
              R"({"id":"line","title":"L","units":1,"queue":"fifo","opens_at":"2026-11-27T10:00:00Z"})");
  EXPECT_EQ(ask("GET", "/api/v1/sales/line").text("draw"), "null");
  catch_up();
  EXPECT_THAT(ask("GET", "/api/v1/sales/line/transcript"), Refuses(409, "not-drawn"));
}

}  // namespace
}  // namespace doorbuster::sale
