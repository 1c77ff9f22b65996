#include "stampede/task.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace doorbuster::stampede {
namespace {

// Somebody whom a coroutine waits for until the test says so.
struct Bell {
  std::coroutine_handle<> waiting;
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) noexcept { waiting = handle; }
  void await_resume() const noexcept {}
};

Task<std::string> greet(Bell& bell, std::vector<std::string>& said) {
  said.emplace_back("waits");
  co_await bell;
  said.emplace_back("goes on");
  co_return "hello";
}

Task<> visit(Bell& bell, std::vector<std::string>& said) {
  const std::string word = co_await greet(bell, said);
  said.push_back(word);
}

TEST(Task, does_nothing_before_it_is_started_and_goes_on_where_it_waited) {
  Bell bell;
  std::vector<std::string> said;
  Task<> task = visit(bell, said);
  EXPECT_TRUE(said.empty());
  task.start();
  EXPECT_EQ(said, std::vector<std::string>{"waits"});
  EXPECT_FALSE(task.done());
  bell.waiting.resume();
  EXPECT_EQ(said, (std::vector<std::string>{"waits", "goes on", "hello"}));
  EXPECT_TRUE(task.done());
}

struct Witness {
  std::vector<std::string>& said;
  ~Witness() { said.emplace_back("gone"); }
};

Task<> never_ends(Bell& bell, std::vector<std::string>& said) {
  const Witness witness{said};
  co_await bell;
}

Task<> waits_for_another(Bell& bell, std::vector<std::string>& said) { co_await never_ends(bell, said); }

TEST(Task, takes_with_it_what_it_had_wherever_it_was) {
  Bell bell;
  std::vector<std::string> said;
  {
    Task<> task = waits_for_another(bell, said);
    task.start();
    EXPECT_TRUE(said.empty());
  }
  EXPECT_EQ(said, std::vector<std::string>{"gone"});
}

}  // namespace
}  // namespace doorbuster::stampede
