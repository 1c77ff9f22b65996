#include "stampede/answer.h"

#include <gtest/gtest.h>

namespace doorbuster::stampede {
namespace {

TEST(Answers, are_taken_one_after_another_when_they_are_whole) {
  std::string received = "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhel";
  EXPECT_FALSE(take_answer(received));
  received += "loHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
  const auto first = take_answer(received);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 201U);
  EXPECT_EQ(first->body, "hello");
  EXPECT_TRUE(first->good());
  EXPECT_FALSE(first->closes);
  const auto second = take_answer(received);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 204U);
  EXPECT_TRUE(second->closes);
  EXPECT_EQ(received, "");
}

TEST(Answers, say_how_long_to_wait_and_which_cookie_to_keep) {
  std::string received =
      "HTTP/1.1 429 Too Many Requests\r\nretry-after: 12\r\nset-cookie: doorbuster-guest=abc; Path=/; HttpOnly\r\n"
      "Set-Cookie: other=1\r\ncontent-length: 0\r\n\r\n";
  const auto answer = take_answer(received);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->retry_after, Duration::seconds(12));
  EXPECT_EQ(answer->cookie, "doorbuster-guest=abc");
  EXPECT_FALSE(answer->good());
}

TEST(Answers, that_can_not_be_understood_have_no_status) {
  for (std::string received :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"}) {
    const auto answer = take_answer(received);
    ASSERT_TRUE(answer) << received;
    EXPECT_EQ(answer->status, 0U) << received;
  }
}

TEST(Answers, tell_of_their_problem) {
  const Answer problem{.status = 409, .body = R"({"type":"https://doorbuster.dev/problems/sold-out","hold":null})"};
  EXPECT_EQ(problem_of(problem), "sold-out");
  EXPECT_EQ(member_of(problem, "type"), "https://doorbuster.dev/problems/sold-out");
  EXPECT_EQ(member_of(problem, "hold"), "");
  EXPECT_EQ(member_of(problem, "nothing"), "");
  EXPECT_EQ(problem_of({.status = 200, .body = "{}"}), "");
  EXPECT_EQ(problem_of({.status = 502, .body = "<html>"}), "");
}

}  // namespace
}  // namespace doorbuster::stampede
