#include "links/abuse/url_expressions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto.h"
#include "base/encoding.h"

namespace doorbuster::links {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using namespace std::string_view_literals;

std::string canonical(std::string_view text) {
  const auto url = canonical_url(text);
  return url ? url->host + url->path + url->query : "none";
}
std::vector<std::string> expressions(std::string_view text) { return url_expressions(canonical_url(text).value()); }

// "URLs and Hashing" of Safe Browsing v4; our form has no scheme.
TEST(CanonicalUrl, is_what_the_definition_says) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"http://host/%25%32%35", "host/%25"},
      {"http://host/%25%32%35%25%32%35", "host/%25%25"},
      {"http://host/%2525252525252525", "host/%25"},
      {"http://host/asdf%25%32%35asd", "host/asdf%25asd"},
      {"http://host/%%%25%32%35asd%%", "host/%25%25%25asd%25%25"},
      {"http://www.google.com/", "www.google.com/"},
      {"http://%31%36%38%2e%31%38%38%2e%39%39%2e%32%36/%2E%73%65%63%75%72%65/%77%77%77%2E%65%62%61%79%2E%63%6F%6D/",
       "168.188.99.26/.secure/www.ebay.com/"},
      {"http://195.127.0.11/uploads/%20%20%20%20/.verify/"
       ".eBaysecure=updateuserdataxplimnbqmn-xplmvalidateinfoswqpcmlx=hgplmcx/",
       "195.127.0.11/uploads/%20%20%20%20/.verify/"
       ".eBaysecure=updateuserdataxplimnbqmn-xplmvalidateinfoswqpcmlx=hgplmcx/"},
      {"http://host%23.com/%257Ea%2521b%2540c%2523d%2524e%25f%255E00%252611%252A22%252833%252944_55%252B",
       "host%23.com/~a!b@c%23d$e%25f^00&11*22(33)44_55+"},
      {"http://3279880203/blah", "195.127.0.11/blah"},
      {"http://www.google.com/blah/..", "www.google.com/"},
      {"www.google.com/", "www.google.com/"},
      {"www.google.com", "www.google.com/"},
      {"http://www.evil.com/blah#frag", "www.evil.com/blah"},
      {"http://www.GOOgle.com/", "www.google.com/"},
      {"http://www.google.com.../", "www.google.com/"},
      {"http://www.google.com/foo\tbar\rbaz\n2", "www.google.com/foobarbaz2"},
      {"http://www.google.com/q?", "www.google.com/q?"},
      {"http://www.google.com/q?r?", "www.google.com/q?r?"},
      {"http://www.google.com/q?r?s", "www.google.com/q?r?s"},
      {"http://evil.com/foo#bar#baz", "evil.com/foo"},
      {"http://evil.com/foo;", "evil.com/foo;"},
      {"http://evil.com/foo?bar;", "evil.com/foo?bar;"},
      {"http://\x01\x80.com/"sv, "%01%80.com/"},
      {"http://notrailingslash.com", "notrailingslash.com/"},
      {"http://www.gotaport.com:1234/", "www.gotaport.com/"},
      {"  http://www.google.com/  ", "www.google.com/"},
      {"http:// leadingspace.com/", "%20leadingspace.com/"},
      {"http://%20leadingspace.com/", "%20leadingspace.com/"},
      {"%20leadingspace.com/", "%20leadingspace.com/"},
      {"https://www.securesite.com/", "www.securesite.com/"},
      {"http://host.com/ab%23cd", "host.com/ab%23cd"},
      {"http://host.com//twoslashes?more//slashes", "host.com/twoslashes?more//slashes"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(canonical(text), wanted) << text;
}

TEST(CanonicalUrl, knows_addresses_however_they_are_written_and_who_stands_before_a_host) {
  for (const char* host : {"195.127.0.11", "0303.0177.0000.0013", "030337600013", "0xc3.0x7f.0x00.0x0b", "0xc37f000b",
                           "195.127.11", "user:secret@195.127.0.11:8080"})
    EXPECT_EQ(canonical("http://" + std::string(host) + "/x"), "195.127.0.11/x") << host;
  EXPECT_EQ(canonical("http://[2001:db8::1]:80/x"), "[2001:db8::1]/x");
  EXPECT_TRUE(canonical_url("http://3279880203/")->is_address);
  EXPECT_FALSE(canonical_url("http://dead.beef.example/")->is_address);
  EXPECT_EQ(canonical("http://good.example@evil.example/"), "evil.example/");
  EXPECT_EQ(canonical("http://host/a/./b/../../../c"), "host/c");
  EXPECT_EQ(canonical("http://host/a/.."), "host/");
  EXPECT_EQ(canonical("http://host/a/."), "host/a/");
  EXPECT_EQ(canonical("http://host?x=://y"), "host/?x=://y");
  for (const char* none : {"", "   ", "http://", "/blah", "http:///blah", "#x", "http://.../"})
    EXPECT_EQ(canonical(none), "none") << none;
}

TEST(UrlExpressions, are_those_of_the_definition) {
  EXPECT_THAT(expressions("http://a.b.c/1/2.html?param=1"),
              UnorderedElementsAre("a.b.c/1/2.html?param=1", "a.b.c/1/2.html", "a.b.c/", "a.b.c/1/",
                                   "b.c/1/2.html?param=1", "b.c/1/2.html", "b.c/", "b.c/1/"));
  EXPECT_THAT(expressions("http://a.b.c.d.e.f.g/1.html"),
              UnorderedElementsAre("a.b.c.d.e.f.g/1.html", "a.b.c.d.e.f.g/", "c.d.e.f.g/1.html", "c.d.e.f.g/",
                                   "d.e.f.g/1.html", "d.e.f.g/", "e.f.g/1.html", "e.f.g/", "f.g/1.html", "f.g/"));
  EXPECT_THAT(expressions("http://1.2.3.4/1/"), UnorderedElementsAre("1.2.3.4/1/", "1.2.3.4/"));
  EXPECT_THAT(expressions("http://host/"), ElementsAre("host/"));
}

TEST(UrlExpressions, are_never_more_than_thirty) {
  const auto all = expressions("http://a.b.c.d.e.f.g.h.i/1/2/3/4/5/6/7.html?x=y");
  EXPECT_EQ(all.size(), kExpressionsMax);
  EXPECT_EQ(all.front(), "a.b.c.d.e.f.g.h.i/1/2/3/4/5/6/7.html?x=y");
  EXPECT_EQ(std::ranges::count(all, "e.f.g.h.i/1/2/3/"), 1);
  EXPECT_EQ(std::ranges::count(all, "e.f.g.h.i/1/2/3/4/"), 0);
}

// FIPS 180-2, as the definition's own test of hashes has it.
TEST(UrlExpressions, are_hashed_by_sha256) {
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace doorbuster::links
