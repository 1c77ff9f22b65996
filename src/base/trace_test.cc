#include "base/trace.h"

#include <gtest/gtest.h>

#include "base/crypto.h"
#include "base/prng.h"

namespace doorbuster {
namespace {

// The example of section 3.2.4.
constexpr std::string_view kExample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string with(size_t at, std::string_view text) {
  std::string value(kExample);
  return value.replace(at, text.size(), text);
}

TEST(Traceparent, reads_the_example_of_the_recommendation) {
  const auto trace = parse_traceparent(kExample);
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id_text(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_TRUE(trace->sampled);
  EXPECT_EQ(format_traceparent(*trace), kExample);
}

TEST(Traceparent, only_the_lowest_flag_means_sampled) {
  EXPECT_FALSE(parse_traceparent(with(53, "00"))->sampled);
  EXPECT_FALSE(parse_traceparent(with(53, "fe"))->sampled);
  EXPECT_TRUE(parse_traceparent(with(53, "ff"))->sampled);
  EXPECT_EQ(format_traceparent(*parse_traceparent(with(53, "ff"))), kExample);
}

TEST(Traceparent, refuses_what_the_recommendation_forbids) {
  EXPECT_FALSE(parse_traceparent(with(0, "ff"))) << "version ff";
  EXPECT_FALSE(parse_traceparent(with(3, "00000000000000000000000000000000"))) << "trace id of zeros";
  EXPECT_FALSE(parse_traceparent(with(36, "0000000000000000"))) << "parent id of zeros";
  EXPECT_FALSE(parse_traceparent(with(3, "4BF9"))) << "capital letters";
  EXPECT_FALSE(parse_traceparent(with(0, "0A"))) << "capital letter in the version";
  EXPECT_FALSE(parse_traceparent(std::string(kExample) + "-00")) << "version 00 ends after the flags";
  EXPECT_FALSE(parse_traceparent(std::string(kExample) + " ")) << "blank";
}

TEST(Traceparent, refuses_every_cut_and_every_foreign_character) {
  for (size_t size = 0; size < kExample.size(); ++size) EXPECT_FALSE(parse_traceparent(kExample.substr(0, size)));
  for (size_t at = 0; at < kExample.size(); ++at) EXPECT_FALSE(parse_traceparent(with(at, "g"))) << at;
  for (const size_t at : {2U, 35U, 52U}) EXPECT_FALSE(parse_traceparent(with(at, "0"))) << at;
}

TEST(Traceparent, reads_later_versions_as_far_as00_defines_them) {
  EXPECT_TRUE(parse_traceparent(with(0, "cc")));
  EXPECT_TRUE(parse_traceparent(with(0, "cc") + "-what-the-future-brings"));
  EXPECT_TRUE(parse_traceparent(with(0, "cc") + "-"));
  EXPECT_FALSE(parse_traceparent(with(0, "cc") + ".what"));
  EXPECT_EQ(format_traceparent(*parse_traceparent(with(0, "cc") + "-more")), kExample) << "we speak version 00";
}

TEST(Traceparent, every_trace_reads_back_from_its_text) {
  Prng prng(55);
  for (int i = 0; i < 1'000; ++i) {
    std::array<std::byte, kTraceRandomBytes> random{};
    for (std::byte& byte : random) byte = static_cast<std::byte>(prng.below(256));
    const TraceContext trace = begin_trace(random, prng.chance(2));
    ASSERT_EQ(parse_traceparent(format_traceparent(trace)), trace);
  }
}

TEST(TraceIds, are_never_all_zero) {
  const std::array<std::byte, kTraceRandomBytes> zeros{};
  const TraceContext trace = begin_trace(zeros, true);
  EXPECT_TRUE(parse_traceparent(format_traceparent(trace)));
  EXPECT_TRUE(parse_traceparent(format_traceparent(child_of(trace, std::span(zeros).first<kSpanRandomBytes>()))));
}

TEST(TraceIds, a_child_keeps_its_trace_and_gets_a_span_of_its_own) {
  const TraceContext parent = *parse_traceparent(kExample);
  std::array<std::byte, kSpanRandomBytes> random{};
  fill_random(random);
  const TraceContext child = child_of(parent, random);
  EXPECT_EQ(child.trace_id, parent.trace_id);
  EXPECT_EQ(child.sampled, parent.sampled);
  EXPECT_NE(child.span_id, parent.span_id);
}

}  // namespace
}  // namespace doorbuster
