#include "net/networks.h"

#include <gtest/gtest.h>

#include "net/testing/manual_loop.h"

namespace doorbuster::net {
namespace {

PeerAddress address(std::string_view text) { return parse_address(text).value(); }

TEST(Address, is_read_as_people_and_proxies_write_it) {
  EXPECT_EQ(address("192.0.2.1").text(), "192.0.2.1");
  EXPECT_EQ(address("192.0.2.1:8080").text(), "192.0.2.1");
  EXPECT_EQ(address("2001:DB8::1").text(), "2001:db8::1");
  EXPECT_EQ(address("[2001:db8::1]").text(), "2001:db8::1");
  EXPECT_EQ(address("[2001:db8::1]:443").text(), "2001:db8::1");
  EXPECT_EQ(address("::ffff:192.0.2.1").bytes, address("192.0.2.1").bytes) << "mapped, it is the same";
}

TEST(Address, is_nothing_else) {
  for (const char* text : {"", "unknown", "_hidden", "192.0.2", "192.0.2.256", "192.0.2.1:", "192.0.2.1:99999",
                           "192.0.2.1:80:80", "[2001:db8::1", "[2001:db8::1]x", "[2001:db8::1]:x",
                           "2001:db8::1::", "192.0.2.1 ", "1.2.3.4/8", "0x7f.1", "127.1", "fe80::1%eth0"}) {
    EXPECT_FALSE(parse_address(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_address(std::string(100, '1')).has_value());
  EXPECT_FALSE(parse_address(std::string_view("1.2.3.4\0", 8)).has_value());
}

TEST(NetworksTest, contain_what_lies_in_one_of_them) {
  const Networks networks = Networks::make({"10.0.0.0/8", "192.0.2.128/25", "203.0.113.7", "2001:db8::/33"}).value();
  for (const char* in : {"10.0.0.0", "10.255.255.255", "192.0.2.128", "192.0.2.255", "203.0.113.7", "2001:db8::1",
                         "2001:db8:7fff::", "::ffff:10.1.2.3"}) {
    EXPECT_TRUE(networks.contain(address(in))) << in;
  }
  for (const char* out : {"9.255.255.255", "11.0.0.0", "192.0.2.127", "203.0.113.6", "2001:db8:8000::", "2001:db9::"}) {
    EXPECT_FALSE(networks.contain(address(out))) << out;
  }
  EXPECT_TRUE(Networks::make({"0.0.0.0/0"}).value().contain(address("8.8.8.8")));
  EXPECT_FALSE(Networks::make({"0.0.0.0/0"}).value().contain(address("2001:db8::1")));
  EXPECT_TRUE(Networks::make({"::/0"}).value().contain(address("2001:db8::1")));
  EXPECT_FALSE(Networks().contain(address("10.0.0.1")));
}

TEST(NetworksTest, say_what_is_wrong_with_them) {
  for (const char* text :
       {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.1/8", "2001:db8::/129", "host", "", "[::1]/128"}) {
    const auto networks = Networks::make({"10.0.0.0/8", text});
    ASSERT_FALSE(networks.has_value()) << text;
    EXPECT_NE(networks.error().message.find("'" + std::string(text) + "'"), std::string::npos);
  }
}

// Who a handler that trusts 10.0.0.0/8 and 2001:db8::/32 takes for the sender of a request from `peer`.
std::string sender(std::string_view peer, const std::string& fields) {
  class SenderHandler final : public Handler {
   public:
    void handle(const Request& request, Exchange& exchange) override {
      sender = sender_of(request, networks).text();
      exchange.respond(Response{});
    }
    Networks networks = Networks::make({"10.0.0.0/8", "2001:db8::/32"}).value();
    std::string sender;
  } handler;
  testing::ManualLoop loop;
  loop.set_handler(handler);
  loop.send(loop.connect(address(peer)), "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
  return handler.sender;
}

TEST(Sender, is_the_peer_unless_that_is_a_trusted_proxy) {
  EXPECT_EQ(sender("192.0.2.1", ""), "192.0.2.1");
  EXPECT_EQ(sender("192.0.2.1", "X-Forwarded-For: 198.51.100.7\r\n"), "192.0.2.1");
  EXPECT_EQ(sender("10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: 198.51.100.7\r\n"), "198.51.100.7");
  EXPECT_EQ(sender("2001:db8::5", "x-forwarded-for: 2001:dead::1\r\n"), "2001:dead::1");
}

TEST(Sender, is_the_last_one_named_who_is_not_trusted) {
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n"), "198.51.100.7");
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: 203.0.113.9 ,198.51.100.7,\t10.0.0.2\r\n"), "198.51.100.7");
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 198.51.100.7\r\n"), "198.51.100.7");
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-For: 10.0.0.3\r\n"), "198.51.100.7");
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: 10.0.0.3, 10.0.0.2\r\n"), "10.0.0.3") << "all of them are trusted";
}

TEST(Sender, is_the_last_one_that_could_be_read) {
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: unknown\r\n"), "10.0.0.1");
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: 198.51.100.7, nonsense, 10.0.0.2\r\n"), "10.0.0.2");
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For:\r\n"), "10.0.0.1");
  EXPECT_EQ(sender("10.0.0.1", "X-Forwarded-For: ,\r\n"), "10.0.0.1");
}

}  // namespace
}  // namespace doorbuster::net
