#include "stampede/url.h"

#include <gtest/gtest.h>

namespace doorbuster::stampede {
namespace {

TEST(LocalUrl, is_taken_apart) {
  const auto url = parse_url("http://127.0.0.1:8090/pay/pay_1?x=2");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->peer, (Peer{.address = 0x7F000001, .port = 8090}));
  EXPECT_EQ(url->host, "127.0.0.1:8090");
  EXPECT_EQ(url->path, "/pay/pay_1?x=2");
  EXPECT_EQ(parse_url("http://localhost")->peer, (Peer{.address = 0x7F000001, .port = 80}));
  EXPECT_EQ(parse_url("http://localhost")->path, "/");
}

TEST(LocalUrl, leads_to_this_machine_only) {
  for (const char* url :
       {"https://127.0.0.1:8080", "http://192.0.2.1:8080", "http://shop.example/", "127.0.0.1:8080", ""})
    EXPECT_FALSE(parse_url(url)) << url;
}

}  // namespace
}  // namespace doorbuster::stampede
