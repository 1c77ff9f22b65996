#include "platform/views/trace_index.h"

#include <gtest/gtest.h>

namespace doorbuster::platform {
namespace {

TEST(TraceIndex, are_found_by_every_event_of_their_request) {
  TraceIndex causes;
  const TraceContext first = begin_trace();
  const TraceContext second = begin_trace();
  causes.note(Sequence(5), 3, first);
  causes.note(Sequence(8), 1, second);
  causes.note(Sequence(20), 2, first);
  for (const uint64_t event : {5U, 6U, 7U, 20U, 21U}) EXPECT_EQ(causes.of(Sequence(event)), first) << event;
  EXPECT_EQ(causes.of(Sequence(8)), second);
  for (const uint64_t event : {0U, 4U, 9U, 19U, 22U}) EXPECT_EQ(causes.of(Sequence(event)), std::nullopt) << event;
}

TEST(TraceIndex, of_nothing_are_unknown) { EXPECT_EQ(TraceIndex().of(Sequence(1)), std::nullopt); }

TEST(TraceIndex, are_forgotten_oldest_first) {
  TraceIndex causes(3);
  std::vector<TraceContext> traces;
  for (uint64_t event = 1; event <= 8; ++event) {
    causes.note(Sequence(event), 1, traces.emplace_back(begin_trace()));
  }
  for (uint64_t event = 1; event <= 5; ++event) EXPECT_EQ(causes.of(Sequence(event)), std::nullopt) << event;
  for (uint64_t event = 6; event <= 8; ++event) EXPECT_EQ(causes.of(Sequence(event)), traces[event - 1]) << event;
}

}  // namespace
}  // namespace doorbuster::platform
