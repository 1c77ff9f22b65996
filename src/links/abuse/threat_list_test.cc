#include "links/abuse/threat_list.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/prng.h"

namespace doorbuster::links {
namespace {

std::string hash_of(std::string_view expression) { return to_hex(sha256(as_bytes(expression))); }
Threat find(const std::string& list, std::string_view url) {
  return ThreatList::read(list, "test").find(threat_hashes(url));
}

TEST(ThreatList, takes_whole_hashes_for_proof_and_their_first_bytes_for_a_suspicion) {
  const std::string whole = hash_of("evil.example/login/");
  EXPECT_EQ(find(whole, "https://www.evil.example/login/?next=x"), Threat::kListed);
  EXPECT_EQ(find(whole, "https://evil.example/logout/"), Threat::kNone);
  for (const size_t digits : {8, 10, 32, 62})
    EXPECT_EQ(find(whole.substr(0, digits), "https://evil.example/login/a/b"), Threat::kSuspect) << digits;
  EXPECT_EQ(find(whole.substr(0, 8) + "\n" + whole, "https://evil.example/login/"), Threat::kListed) << "the worst";
  EXPECT_EQ(find("", "https://evil.example/"), Threat::kNone);
}

TEST(ThreatList, reads_addresses_and_hosts_as_people_publish_them) {
  const std::string list =
      "# a list\r\n\r\nhttp://evil.example/setup.exe\r\n  other.example \r\n127.0.0.1\tthird.example\r\n"
      "0.0.0.0 fourth.example\r\n198.51.100.7\r\nhttps://five.example:8443/a?b=c#d\r\n";
  EXPECT_EQ(ThreatList::read(list, "l").entries(), 6U);
  EXPECT_EQ(ThreatList::read(list, "l").lines_skipped(), 0U);
  for (const char* url :
       {"https://evil.example/setup.exe", "http://www.evil.example/setup.exe?x", "https://a.other.example/x/y",
        "https://third.example/", "https://fourth.example/", "http://198.51.100.7/x", "https://five.example/a?b=c"})
    EXPECT_EQ(find(list, url), Threat::kListed) << url;
  for (const char* url : {"https://evil.example/", "https://evil.example/setup.exe.txt", "https://another.example/",
                          "http://127.0.0.1/", "https://five.example/a", "https://example/"})
    EXPECT_EQ(find(list, url), Threat::kNone) << url;
}

TEST(ThreatList, passes_over_what_it_can_not_read_and_says_where) {
  const auto list =
      ThreatList::read("good.example\nid,dateadded,url\nabcd\nsome words\nevil.example\nfile:///etc\n", "l");
  EXPECT_EQ(list.entries(), 2U);
  EXPECT_EQ(list.lines_skipped(), 4U);
  EXPECT_EQ(list.first_skipped(), 2U);
}

TEST(ThreatList, finds_each_of_many) {
  Prng prng(7);
  std::string text;
  std::vector<std::string> hosts;
  for (int i = 0; i < 5'000; ++i) {
    hosts.push_back("h" + std::to_string(prng.next()) + ".example");
    text += (i % 2 == 0 ? hosts.back() : hash_of(hosts.back() + "/").substr(0, 16)) + "\n" + hosts.front() + "\n";
  }
  const auto list = ThreatList::read(text, "l");
  EXPECT_EQ(list.entries(), 5'000U) << "each once";
  for (size_t i = 0; i < hosts.size(); ++i) {
    const Threat wanted = i % 2 == 0 ? Threat::kListed : Threat::kSuspect;
    EXPECT_EQ(list.find(threat_hashes("https://" + hosts[i] + "/x")), wanted) << hosts[i];
  }
  EXPECT_EQ(list.find(threat_hashes("https://h.example/")), Threat::kNone);
}

}  // namespace
}  // namespace doorbuster::links
