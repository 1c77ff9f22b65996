#include "net/text.h"

#include <gtest/gtest.h>

#include <array>

#include "net/buffer.h"
#include "net/http_date.h"
#include "net/peer_address.h"

namespace doorbuster::net {
namespace {

TEST(PercentDecode, decodes_only_what_is_encoded) {
  std::array<char, 16> room{};
  EXPECT_EQ(percent_decode("plain", room, PlusSign::kSpace), "plain");
  EXPECT_EQ(percent_decode("a%20b%2fC", room, PlusSign::kLiteral), "a b/C");
  EXPECT_EQ(percent_decode("a+b", room, PlusSign::kSpace), "a b");
  EXPECT_EQ(percent_decode("a+b%2B", room, PlusSign::kLiteral), "a+b+");
}

TEST(PercentDecode, refuses_broken_escapes_and_what_does_not_fit) {
  std::array<char, 4> room{};
  for (const char* text : {"%", "%2", "%zz", "a%2"})
    EXPECT_EQ(percent_decode(text, room, PlusSign::kLiteral), std::nullopt) << text;
  EXPECT_EQ(percent_decode("%41%42%43%44", room, PlusSign::kLiteral), "ABCD");
  EXPECT_EQ(percent_decode("%41%42%43%44e", room, PlusSign::kLiteral), std::nullopt);
}

TEST(QueryValue, finds_the_first_of_a_name) {
  EXPECT_EQ(query_value("a=1&b=2&a=3", "a"), "1");
  EXPECT_EQ(query_value("a=1&b=x=y", "b"), "x=y");
  EXPECT_EQ(query_value("flag&c=", "flag"), "");
  EXPECT_EQ(query_value("flag&c=", "c"), "");
  EXPECT_EQ(query_value("ab=1", "a"), std::nullopt);
  EXPECT_EQ(query_value("", "a"), std::nullopt);
}

TEST(ParseNumber, takes_whole_numbers_only) {
  EXPECT_EQ(parse_number("18446744073709551615"), UINT64_MAX);
  for (const char* text : {"", "-1", "+1", "1 ", "0x1", "18446744073709551616"})
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
}

TEST(HttpDate, is_in_the_form_of_the_standards_example) {
  HttpDate date;
  date.update(784'111'777);
  EXPECT_EQ(date.field(), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
}

TEST(PeerAddress, is_written_as_people_write_it) {
  PeerAddress peer;
  peer.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1};
  EXPECT_TRUE(peer.is_v4());
  EXPECT_EQ(peer.text(), "192.0.2.1");
  peer.bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  EXPECT_EQ(peer.text(), "2001:db8::1");
}

TEST(BufferPool, lends_within_its_budget_and_keeps_the_bytes) {
  BufferPool pool(16 * 1024);
  Buffer buffer;
  ASSERT_TRUE(pool.reserve(buffer, 10));
  std::copy_n("0123456789", 10, buffer.free_space());
  buffer.commit(10);
  buffer.consume(3);
  ASSERT_TRUE(pool.reserve(buffer, 6'000));
  EXPECT_EQ(buffer.view(), "3456789");
  EXPECT_EQ(pool.lent_bytes(), 8'192U);
  EXPECT_FALSE(pool.reserve(buffer, 10'000));
  EXPECT_EQ(buffer.view(), "3456789");
  ASSERT_TRUE(pool.reserve_for_answer(buffer, 10'000));
  EXPECT_FALSE(pool.reserve_for_answer(buffer, BufferPool::kBlockMax));
  EXPECT_EQ(buffer.view(), "3456789");
  pool.release(buffer);
  EXPECT_EQ(pool.lent_bytes(), 0U);
}

}  // namespace
}  // namespace doorbuster::net
