// Links that are asked for twice, over real sockets.
#include <gmock/gmock.h>

#include <set>

#include "links/service_fixture.h"

namespace doorbuster::links {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class LinkOnceTest : public LinksServiceTest {
 protected:
  std::string make_under(const std::string& key, const std::string& body) {
    return as_operator("POST /api/v1/urls", body, "Idempotency-Key: " + key + "\r\n");
  }
  void make_codes(CodesBy by) {
    stop();
    settings_.codes = by;
    start();
  }
  static std::string code_of(const std::string& answer) { return between(answer, R"("short_code":")", "\""); }
};

TEST_F(LinkOnceTest, a_link_is_found_where_there_is_such_a_one) {
  const std::string first = create(R"("find_if_exists":true,"tags":["mail"])");
  EXPECT_THAT(first, StartsWith("HTTP/1.1 201 "));
  const std::string again = create(R"("tags":["mail"],"find_if_exists":true)");
  EXPECT_THAT(again, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("\r\nETag: ")));
  EXPECT_EQ(code_of(again), code_of(first));
  EXPECT_THAT(create(R"("find_if_exists":true)"), StartsWith("HTTP/1.1 201 ")) << "it has no tags";
  EXPECT_THAT(create(R"("tags":["mail"])"), StartsWith("HTTP/1.1 201 ")) << "it is not asked for";
  EXPECT_THAT(create(R"("find_if_exists":true,"password":"x")"), StartsWith("HTTP/1.1 400 "));
  as_operator("PATCH /api/v1/urls/" + code_of(first), R"({"title":"x"})");
  EXPECT_THAT(create(R"("find_if_exists":true,"tags":["mail"])"), StartsWith("HTTP/1.1 201 ")) << "it is another now";
}

TEST_F(LinkOnceTest, the_same_address_has_the_same_code_where_that_is_set) {
  make_codes(CodesBy::kAddress);
  const std::string first = create("");
  EXPECT_THAT(first, StartsWith("HTTP/1.1 201 "));
  const std::string again = create("");
  EXPECT_THAT(again, StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(code_of(again), code_of(first));
  EXPECT_EQ(code_of(again).size(), kCodeLength);
  const std::string titled = create(R"("title":"Letter")");
  EXPECT_THAT(titled, StartsWith("HTTP/1.1 201 ")) << "it is another link, so it has the next code of its address";
  EXPECT_NE(code_of(titled), code_of(first));
  EXPECT_EQ(code_of(create(R"("title":"Letter")")), code_of(titled));
  EXPECT_NE(code_of(create("", "https://shop.example/other")), code_of(first));
  as_operator("DELETE /api/v1/urls/" + code_of(first));
  EXPECT_EQ(code_of(create("")), code_of(first)) << "also once it is made anew";
  const std::string row = R"({"long_url":"https://shop.example/drop"})";
  const std::string rows = as_operator("POST /api/v1/urls/bulk", "[" + row + "," + row + "]");
  EXPECT_THAT(rows, AllOf(HasSubstr(R"("created":0,"refused":0,"found":2,)"), HasSubstr(code_of(first))));
}

TEST_F(LinkOnceTest, a_code_of_an_address_that_is_anothers_is_passed_over) {
  make_codes(CodesBy::kAddress);
  std::set<std::string> codes;
  for (int i = 0; i < 12; ++i) {
    const std::string answer = create(R"("title":")" + std::to_string(i) + "\"");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 201 ")) << "the address has eight codes, and then there are numbers";
    codes.insert(code_of(answer));
  }
  EXPECT_EQ(codes.size(), 12U);
  const std::string row = R"({"long_url":"https://shop.example/drop","title":"row)";
  const std::string made = as_operator("POST /api/v1/urls/bulk", "[" + row + R"( 1"},)" + row + R"( 2"}])");
  EXPECT_THAT(made, HasSubstr(R"("created":2,"refused":0,"found":0,)"));
  make_codes(CodesBy::kNumber);
  EXPECT_THAT(create(R"("title":"0")"), StartsWith("HTTP/1.1 201 ")) << "what is there is not looked for";
}

TEST_F(LinkOnceTest, of_many_who_ask_at_once_one_makes_it) {
  std::atomic<int> made = 0;
  std::atomic<int> found = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        const std::string answer = create(R"("find_if_exists":true)");
        made += answer.starts_with("HTTP/1.1 201 ") ? 1 : 0;
        found += answer.starts_with("HTTP/1.1 200 ") ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(found, 99);
}

TEST_F(LinkOnceTest, rows_are_found_as_well) {
  const std::string row = R"({"long_url":"https://shop.example/","find_if_exists":true})";
  const std::string rows = as_operator("POST /api/v1/urls/bulk", "[" + row + "," + row + "]");
  EXPECT_THAT(rows, HasSubstr(R"("created":1,"refused":0,"found":1,)"));
  EXPECT_THAT(rows, HasSubstr(R"({"row":1,"status":200,"short_url":)"));
}

TEST_F(LinkOnceTest, a_request_under_a_key_is_answered_the_same_again) {
  const std::string body = R"({"long_url":"https://shop.example/"})";
  const std::string first = make_under("a", body);
  EXPECT_THAT(first, StartsWith("HTTP/1.1 201 "));
  EXPECT_EQ(code_of(make_under("a", body)), code_of(first));
  stop();
  start();
  const std::string again = make_under("a", body);
  EXPECT_THAT(again, StartsWith("HTTP/1.1 201 "));
  EXPECT_EQ(between(again, "ETag: ", "\r"), between(first, "ETag: ", "\r"));
  EXPECT_EQ(between(again, "\r\n\r\n", "~"), between(first, "\r\n\r\n", "~")) << "the whole body";
  EXPECT_THAT(make_under("a", R"({"long_url":"https://shop.example/2"})"),
              AllOf(StartsWith("HTTP/1.1 422 "), HasSubstr("idempotency-key-reused")));
  EXPECT_NE(code_of(make_under("b", body)), code_of(first));
  EXPECT_THAT(make_under(std::string(300, 'x'), body), StartsWith("HTTP/1.1 400 "));
  clock_.pass(kRemembered);
  EXPECT_NE(code_of(make_under("a", body)), code_of(first)) << "a day later it is forgotten";
}

TEST_F(LinkOnceTest, an_alias_is_made_under_a_key_once) {
  const std::string body = R"({"long_url":"https://shop.example/","custom_alias":"mail"})";
  EXPECT_THAT(make_under("a", body), StartsWith("HTTP/1.1 201 "));
  EXPECT_THAT(make_under("a", body), StartsWith("HTTP/1.1 201 ")) << "not 409";
  EXPECT_THAT(make_under("b", body), StartsWith("HTTP/1.1 409 "));
}

}  // namespace
}  // namespace doorbuster::links
