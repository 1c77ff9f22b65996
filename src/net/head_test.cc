// The head's parser where tricks for speed could go wrong: names of every case, searches at every alignment, and what
// a connection is told to do next.
#include "net/head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string>

#include "base/prng.h"
#include "net/eight_bytes.h"
#include "net/known_fields.h"

namespace doorbuster::net {
namespace {

const std::map<std::string, Known> kNames = {
    {"host", Known::kHost},
    {"authorization", Known::kAuthorization},
    {"idempotency-key", Known::kIdempotencyKey},
    {"content-type", Known::kContentType},
    {"content-length", Known::kContentLength},
    {"transfer-encoding", Known::kTransferEncoding},
    {"cookie", Known::kCookie},
    {"if-none-match", Known::kIfNoneMatch},
    {"traceparent", Known::kTraceparent},
    {"accept", Known::kAccept},
    {"origin", Known::kOrigin},
    {"user-agent", Known::kUserAgent},
    {"expect", Known::kExpect},
    {"referer", Known::kReferer},
};

constexpr std::string_view kTokenChars =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

TEST(KnownFields, are_found_in_every_case) {
  EXPECT_EQ(kNames.size(), static_cast<size_t>(Known::kCount));
  for (const auto& [name, known] : kNames) {
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
    EXPECT_EQ(known_of(name), known) << name;
    EXPECT_EQ(known_of(upper), known) << upper;
    upper[0] = name[0];
    EXPECT_EQ(known_of(upper), known) << upper;
  }
}

TEST(KnownFields, are_not_taken_for_others_that_differ_by_one_character) {
  for (const auto& [name, known] : kNames) {
    for (size_t at = 0; at < name.size(); ++at) {
      for (const char c : kTokenChars) {
        std::string other = name;
        other[at] = c;
        const bool is_same = std::tolower(c) == name[at];
        EXPECT_EQ(known_of(other), is_same ? known : Known::kCount) << other;
      }
    }
    EXPECT_EQ(known_of(name + "s"), Known::kCount);
    EXPECT_EQ(known_of(name.substr(1)), Known::kCount);
  }
}

TEST(EightBytes, find_the_first_of_a_kind_as_a_search_by_one_does) {
  Prng random(7);
  const auto marks = [](uint64_t word) {
    return bytes_below(word, 0x20) | bytes_equal(word, 0x7F) | bytes_equal(word, '#') | bytes_above_ascii(word);
  };
  const auto is_marked = [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F || c == '#' || c < 0; };
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random.below(40), 'a');
    for (char& c : text) {
      if (random.below(8) == 0) c = static_cast<char>(random.below(256));
    }
    const char* end = text.data() + text.size();
    EXPECT_EQ(find_marked(text.data(), end, marks) - text.data(), std::ranges::find_if(text, is_marked) - text.begin());
  }
}

struct Persistence {
  std::string version;
  std::string fields;
  bool goes_on;
};

TEST(Head, says_whether_the_connection_goes_on) {
  const Persistence cases[] = {
      {"1.1", "", true},
      {"1.1", "Connection: close\r\n", false},
      {"1.1", "connection: TE, Close\r\n", false},
      {"1.1", "Connection: keep-alive\r\nConnection: ,close ,\r\n", false},
      {"1.1", "Connection: closed\r\n", true},
      {"1.1", "X-Connection: close\r\n", true},
      {"1.0", "", false},
      {"1.0", "Connection: Keep-Alive\r\n", true},
      {"1.0", "Connection: keep-alive, close\r\n", false},
  };
  for (const Persistence& each : cases) {
    const std::string block = "GET / HTTP/" + each.version + "\r\nHost: x\r\n" + each.fields + "\r\n";
    Head head;
    ASSERT_EQ(parse_head(block, Limits(), head), nullptr) << block;
    EXPECT_EQ(head.keep_alive, each.goes_on) << block;
  }
}

TEST(Head, refuses_a_connection_field_that_is_no_list) {
  Head head;
  EXPECT_NE(parse_head("GET / HTTP/1.1\r\nHost: x\r\nConnection: clo se\r\n\r\n", Limits(), head), nullptr);
  EXPECT_NE(parse_head("GET / HTTP/1.1\r\nHost: x\r\nConnection: \"close\"\r\n\r\n", Limits(), head), nullptr);
}

TEST(Head, keeps_tabs_and_bytes_above_ascii_inside_of_values) {
  Head head;
  ASSERT_EQ(parse_head("GET / HTTP/1.1\r\nHost: x\r\nX-A:\t\ta\tb \xc3\xa9 \t\r\nX-B:\r\n\r\n", Limits(), head),
            nullptr);
  ASSERT_EQ(head.field_count, 3);
  EXPECT_EQ(head.fields[1].value, "a\tb \xc3\xa9");
  EXPECT_EQ(head.fields[2].value, "");
}

}  // namespace
}  // namespace doorbuster::net
