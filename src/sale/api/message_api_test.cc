// What an operator tells those who wait, through HTTP.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

class MessageApi : public testing::ApiTest {};

TEST_F(MessageApi, shows_a_message_to_everybody_until_it_is_taken_back) {
  EXPECT_EQ(create(R"("units":1)").text("message"), "null");
  EXPECT_EQ(as_operator("PATCH", kPs5, R"({"message":"A pallet is on its way.\nStay!"})").status, 200);
  EXPECT_EQ(ask("GET", kPs5).text("message"), "A pallet is on its way.\nStay!");
  EXPECT_EQ(as_operator("PATCH", kPs5, R"({"message":"Zwölf €","units":7})").text("units"), "7");
  EXPECT_EQ(ask("GET", kPs5).text("message"), "Zwölf €");
  EXPECT_EQ(as_operator("PATCH", kPs5, R"({"message":null})").text("message"), "null");
  as_operator("PATCH", kPs5, R"({"message":"once more"})");
  EXPECT_EQ(as_operator("PATCH", kPs5, R"({"message":""})").text("message"), "null");
}

TEST_F(MessageApi, has_another_tag_with_another_message_and_survives_a_crash) {
  create(R"("units":1)");
  const std::string before = ask("GET", kPs5).header("etag");
  as_operator("PATCH", kPs5, R"({"message":"Soon."})");
  EXPECT_NE(ask("GET", kPs5).header("etag"), before);
  server_.crash_and_restart();
  EXPECT_EQ(ask("GET", kPs5).text("message"), "Soon.");
}

TEST_F(MessageApi, may_say_something_when_the_sale_is_over) {
  create(R"("units":1)");
  as_operator("POST", std::string(kPs5) + "/close");
  EXPECT_THAT(as_operator("PATCH", kPs5, R"({"message":"Thank you.","title":"x"})"), Refuses(409, "wrong-state"));
  EXPECT_EQ(as_operator("PATCH", kPs5, R"({"message":"Thank you."})").text("message"), "Thank you.");
}

TEST_F(MessageApi, says_what_is_wrong_with_a_message) {
  create(R"("units":1)");
  const std::string long_one = R"({"message":")" + std::string(501, 'a') + R"("})";
  for (const std::string& body :
       {long_one, std::string(R"({"message":"a\tb"})"), std::string(R"({"message":"\u0085"})")}) {
    const Answer answer = as_operator("PATCH", kPs5, body);
    EXPECT_THAT(answer, Refuses(400, "invalid-request")) << body;
    EXPECT_THAT(answer.text("detail"), HasSubstr("/message: a message has at most 500 characters")) << body;
  }
  EXPECT_THAT(as_operator("PATCH", kPs5, R"({"message":5})"), Refuses(400, "invalid-request"));
  EXPECT_THAT(as_operator("PATCH", kPs5, R"({"message":"now","draft":false})"), Refuses(400, "invalid-request"));
  EXPECT_THAT(ask("PATCH", kPs5, {server_.customer("alice")}, R"({"message":"free units"})"),
              Refuses(401, "operator-key-needed"));
}

TEST_F(MessageApi, is_in_the_audit_trail) {
  create(R"("units":1)");
  as_operator("PATCH", kPs5, R"({"message":"Soon.","reason":"many ask"})");
  as_operator("PATCH", kPs5, R"({"message":null})");
  catch_up();
  const Answer audit = as_operator("GET", std::string(kPs5) + "/audit");
  EXPECT_THAT(audit.body, HasSubstr(R"("action":"announced","detail":"'Soon.'","reason":"many ask")"));
  EXPECT_THAT(audit.body, HasSubstr(R"("action":"announced","detail":"nothing any more")"));
}

}  // namespace
}  // namespace doorbuster::sale
