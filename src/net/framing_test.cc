// What is a request and what is not (RFC 9112), and that it does not depend on where the bytes were cut.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing/manual_loop.h"
#include "net/testing/recording_handler.h"

namespace doorbuster::net {
namespace {

using ::testing::ElementsAreArray;
using testing::ManualLoop;
using testing::RecordingHandler;

struct Outcome {
  std::vector<std::string> seen;
  std::string output;
  bool operator==(const Outcome&) const = default;
};

// Sends the bytes in pieces of the given sizes (the last one is the rest).
Outcome run(std::string_view bytes, std::initializer_list<size_t> cuts = {}) {
  RecordingHandler handler;
  ManualLoop loop;
  loop.set_handler(handler);
  const uint32_t connection = loop.connect();
  size_t at = 0;
  for (const size_t cut : cuts) {
    loop.send(connection, bytes.substr(at, cut - at));
    at = cut;
  }
  loop.send(connection, bytes.substr(at));
  return {handler.seen, loop.take_output(connection)};
}

std::string status_of(const std::string& output) { return output.size() < 12 ? output : output.substr(9, 3); }

struct Refused {
  std::string name;
  std::string bytes;
  std::string status = "400";
};

std::string post(std::string_view fields, std::string_view content = "") {
  return "POST / HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n" + std::string(content);
}

const std::string kNul(1, '\0');

const std::vector<Refused> kRefusedFraming = {
    {"length and coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"coding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
    {"foreign coding and length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "hello")},
    {"two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
    {"two differing lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!")},
    {"list of lengths", post("Content-Length: 5, 5\r\n", "hello")},
    {"signed length", post("Content-Length: +5\r\n", "hello")},
    {"negative length", post("Content-Length: -1\r\n")},
    {"hexadecimal length", post("Content-Length: 0x5\r\n", "hello")},
    {"empty length", post("Content-Length:\r\n")},
    {"length with inner space", post("Content-Length: 1 0\r\n")},
    {"length above 64 bits", post("Content-Length: 18446744073709551617\r\n")},
    {"coding gzip", post("Transfer-Encoding: gzip\r\n")},
    {"coding identity", post("Transfer-Encoding: identity\r\n")},
    {"coding list", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
    {"chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")},
    {"two chunked fields", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
    {"chunked with a parameter", post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n")},
    {"quoted chunked", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")},
    {"empty coding", post("Transfer-Encoding:\r\n")},
    {"vertical tab before chunked", post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n")},
    {"space before colon", post("Content-Length : 5\r\n", "hello")},
    {"tab before colon", post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n")},
    {"space in name", post("Content Length: 5\r\n", "hello")},
    {"empty name", post(": x\r\n")},
    {"name in brackets", post("X[]: y\r\n")},
    {"field without colon", post("Content-Length\r\n")},
    {"folded field", post("X: a\r\n b\r\n")},
    {"folded coding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
    {"white space before the first field", "GET / HTTP/1.1\r\n Host: x\r\n\r\n"},
};

const std::vector<Refused> kRefusedLines = {
    {"bare LF after the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n"},
    {"bare LF after a field", "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n"},
    {"bare LF at the end", "GET / HTTP/1.1\r\nHost: x\r\n\n"},
    {"bare CR in a value", post("X: a\rb\r\n")},
    {"bare CR at the end of a value", post("X: a\r\r\n")},
    {"NUL in a value", post("X: a" + kNul + "b\r\n")},
    {"NUL in a name", post("X" + kNul + ": b\r\n")},
    {"DEL in a value", post("X: a\x7f\r\n")},
    {"no host", "GET / HTTP/1.1\r\n\r\n"},
    {"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"},
    {"host with a slash", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n"},
    {"host with user info", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"},
    {"two spaces before the target", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"two spaces after the target", "GET /  HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"tab after the method", "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"no version", "GET /\r\nHost: x\r\n\r\n"},
    {"lower-case version", "GET / http/1.1\r\nHost: x\r\n\r\n"},
    {"version 1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"},
    {"version 2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n"},
    {"version 1.10", "GET / HTTP/1.10\r\nHost: x\r\n\r\n"},
    {"space after the version", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n"},
    {"HTTP/1.0 with a coding", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"relative target", "GET a HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"asterisk for GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"fragment in the target", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"byte above ASCII in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"absolute target without authority", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"absolute target with user info", "GET http://a@b/ HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"foreign scheme", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"method with a foreign character", "G(T / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"a TLS hello", "\x16\x03\x01\x02"},
    {"two authorizations", post("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n")},
    {"unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "501"},
    {"CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", "501"},
    {"foreign expectation", post("Expect: cake\r\nContent-Length: 1\r\n", "x"), "417"},
    {"content too large", post("Content-Length: 65537\r\n"), "413"},
};

const std::vector<Refused> kRefusedChunks = {
    {"chunk size with a prefix", post("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n")},
    {"negative chunk size", post("Transfer-Encoding: chunked\r\n", "-1\r\n")},
    {"chunk size that overflows", post("Transfer-Encoding: chunked\r\n", "10000000000000005\r\nhello\r\n0\r\n\r\n")},
    {"chunk size just below overflow", post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\nhello"), "413"},
    {"two chunks whose sizes overflow together",
     post("Transfer-Encoding: chunked\r\n", "1\r\nx\r\nffffffffffffffff\r\nhello"), "413"},
    {"empty chunk size", post("Transfer-Encoding: chunked\r\n", "\r\nhello")},
    {"space before the chunk size", post("Transfer-Encoding: chunked\r\n", " 5\r\nhello\r\n0\r\n\r\n")},
    {"space after the chunk size", post("Transfer-Encoding: chunked\r\n", "5 \r\nhello\r\n0\r\n\r\n")},
    {"bare LF after the chunk size", post("Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n")},
    {"bare CR in a chunk extension", post("Transfer-Encoding: chunked\r\n", "5;a\rb\r\nhello\r\n0\r\n\r\n")},
    {"bare LF in a chunk extension", post("Transfer-Encoding: chunked\r\n", "5;a\nb\r\nhello\r\n0\r\n\r\n")},
    {"chunk longer than its size", post("Transfer-Encoding: chunked\r\n", "5\r\nhello!\r\n0\r\n\r\n")},
    {"bare LF after chunk data", post("Transfer-Encoding: chunked\r\n", "5\r\nhello\n0\r\n\r\n")},
    {"bare LF after the last chunk", post("Transfer-Encoding: chunked\r\n", "0\r\n\n")},
    {"folded trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nA: b\r\n c\r\n\r\n")},
    {"trailer without a name", post("Transfer-Encoding: chunked\r\n", "0\r\n: b\r\n\r\n")},
    {"endless chunk extension", post("Transfer-Encoding: chunked\r\n", "5;" + std::string(5'000, 'a') + "\r\nhello")},
    {"endless trailers", post("Transfer-Encoding: chunked\r\n", "0\r\nA: " + std::string(5'000, 'a') + "\r\n\r\n")},
};

const std::vector<Refused> kRefusedSizes = {
    {"too many fields",
     "GET / HTTP/1.1\r\nHost: x\r\n" +
         [] {
           std::string fields;
           for (int i = 0; i < 64; ++i) fields += "X: y\r\n";
           return fields;
         }() +
         "\r\n",
     "431"},
    {"fields too large", post("X: " + std::string(20'000, 'a') + "\r\n"), "431"},
    {"target too long", "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", "414"},
};

std::vector<Refused> refused() {
  std::vector<Refused> all;
  for (const auto& some : {kRefusedFraming, kRefusedLines, kRefusedChunks, kRefusedSizes})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

TEST(Framing, refuses_what_could_be_understood_in_two_ways) {
  for (const Refused& request : refused()) {
    const Outcome outcome = run(request.bytes + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(outcome.output), request.status) << request.name;
    EXPECT_THAT(outcome.seen, ::testing::IsEmpty()) << request.name;
    EXPECT_NE(outcome.output.find("Connection: close\r\n"), std::string::npos) << request.name;
    EXPECT_NE(outcome.output.find("application/problem+json"), std::string::npos) << request.name;
  }
}

struct Accepted {
  std::string bytes;
  std::vector<std::string> seen;
};

const std::vector<Accepted>& accepted() {
  static const std::vector<Accepted> all = {
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", {"GET / "}},
      {"GET /a?b=c%20d HTTP/1.1\r\nHost: [::1]:80\r\nX:\t y \t\r\n\r\n", {"GET /a?b=c%20d "}},
      {"GET http://example.com HTTP/1.1\r\nHost: other\r\n\r\n", {"GET http://example.com "}},
      {"GET HTTPS://example.com:443/p?q HTTP/1.1\r\nHost: x\r\n\r\n", {"GET HTTPS://example.com:443/p?q "}},
      {"GET / HTTP/1.0\r\n\r\n", {"GET / "}},
      {post("Content-Length: 0\r\n") + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n", {"POST / ", "GET /2 "}},
      {post("Content-Length: 005\r\n", "hello") + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n", {"POST / hello", "GET /2 "}},
      {post("Transfer-Encoding: CHUNKED\r\n", "A;n=v\r\n0123456789\r\n1\r\nx\r\n000\r\nTrailer: y\r\nZ:\r\n\r\n") +
           "\r\nDELETE /3 HTTP/1.1\r\nHost: x\r\n\r\n",
       {"POST / 0123456789x", "DELETE /3 "}},
      {post("Content-Length: 36\r\n", "GET /inner HTTP/1.1\r\nHost: inner\r\n\r\n") +
           "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n",
       {"POST / GET /inner HTTP/1.1\r\nHost: inner\r\n\r\n", "GET /2 "}},
      {post("X: \xe4\xf6\xfc\r\nContent-Length: 1\r\n", "x"), {"POST / x"}},
      {"OPTIONS /a HTTP/1.1\r\nHost: x\r\n\r\nPATCH /b HTTP/1.1\r\nHost: x\r\n\r\n", {"OPTIONS /a ", "PATCH /b "}},
  };
  return all;
}

TEST(Framing, accepts_what_the_standard_allows) {
  for (const Accepted& request : accepted()) {
    const Outcome outcome = run(request.bytes);
    EXPECT_THAT(outcome.seen, ElementsAreArray(request.seen)) << request.bytes;
    EXPECT_EQ(status_of(outcome.output), "200") << request.bytes;
  }
}

void expect_same_wherever_it_is_cut(const std::string& bytes) {
  const Outcome whole = run(bytes);
  for (size_t cut = 1; cut < bytes.size(); ++cut) {
    ASSERT_TRUE(run(bytes, {cut}) == whole) << "cut at " << cut << ": " << bytes.substr(0, 200);
  }
}

TEST(Framing, accepted_bytes_mean_the_same_wherever_they_are_cut) {
  for (const Accepted& request : accepted()) expect_same_wherever_it_is_cut(request.bytes);
}

TEST(Framing, refused_bytes_mean_the_same_wherever_they_are_cut) {
  for (const Refused& request : refused()) {
    if (request.bytes.size() < 1'000)
      expect_same_wherever_it_is_cut(request.bytes + "GET /s HTTP/1.1\r\nHost: x\r\n\r\n");
  }
}

TEST(Framing, bytes_that_arrive_one_by_one_mean_the_same) {
  for (const Accepted& request : accepted()) {
    RecordingHandler handler;
    ManualLoop loop;
    loop.set_handler(handler);
    const uint32_t connection = loop.connect();
    for (const char c : request.bytes) loop.send(connection, {&c, 1});
    EXPECT_THAT(handler.seen, ElementsAreArray(request.seen)) << request.bytes;
  }
}

}  // namespace
}  // namespace doorbuster::net
