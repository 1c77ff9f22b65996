#include "base/out_of_memory.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <system_error>

#include "base/mapped_memory.h"

namespace doorbuster {
namespace {

using ::testing::ExitedWithCode;

constexpr size_t kMoreThanThereAre = size_t{1} << 56;

template <class Action>
void as_in_main(Action action) {
  set_advice_when_out_of_memory("lower it");
  end_in_words_when_out_of_memory();
  const auto uncaught = [&]() noexcept { action(); };
  uncaught();
}

TEST(OutOfMemoryDeathTest, refused_addresses_end_the_process_in_a_sentence_and_without_a_signal) {
  EXPECT_EXIT(static_cast<void>(map_memory<char>(kMoreThanThereAre)), ExitedWithCode(1),
              "doorbuster: the system refuses this process more memory \\(72057594037927936 bytes were asked for\\): "
              "give it more \\(ulimit -v, the container's limit\\)");
}

TEST(OutOfMemoryDeathTest, so_does_what_nobody_catches) {
  EXPECT_EXIT(as_in_main([] { throw std::bad_alloc(); }), ExitedWithCode(1),
              "doorbuster: the system refuses this process more memory: lower it\n");
  EXPECT_EXIT(as_in_main([] { throw std::system_error(EAGAIN, std::generic_category()); }), ExitedWithCode(1),
              "such as a thread \\(Resource temporarily unavailable\\): lower it\n");
}

TEST(OutOfMemoryDeathTest, a_programmers_error_ends_it_by_a_signal_as_ever) {
  EXPECT_DEATH(as_in_main([] { throw std::logic_error("one too many"); }), "one too many");
}

}  // namespace
}  // namespace doorbuster
