#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "platform/views/folder_store.h"
#include "platform/views/memory_store.h"

namespace doorbuster::platform {
namespace {

namespace fs = std::filesystem;

class StateStoreTest : public ::testing::TestWithParam<bool> {
 protected:
  StateStoreTest()
      : folder_(fs::path(::testing::TempDir()) / ("state_store_test-" + std::to_string(::getpid()))),
        files_(folder_),
        store_(GetParam() ? static_cast<StateStore&>(files_) : memory_) {}
  ~StateStoreTest() override { fs::remove_all(folder_); }

  void write(const std::vector<std::string>& parts, bool commit = true) {
    auto writer = store_.write("views");
    ASSERT_TRUE(writer.has_value());
    for (const std::string& part : parts) ASSERT_TRUE((*writer)->add(as_bytes(part)).has_value());
    if (commit) {
      ASSERT_TRUE((*writer)->commit().has_value());
    }
  }
  // Of a state that is whole; else its error.
  [[nodiscard]] std::vector<std::string> read() {
    auto reader = store_.read("views");
    if (!reader) return {reader.error().message};
    std::vector<std::string> parts;
    std::vector<std::byte> part;
    while (*reader != nullptr) {
      const auto more = (*reader)->next(part);
      if (!more) return {more.error().message};
      if (!*more) break;
      parts.emplace_back(as_text(part));
    }
    return parts;
  }

  const fs::path folder_;
  FolderStore files_;
  MemoryStore memory_;
  StateStore& store_;
};

using Parts = std::vector<std::string>;

TEST_P(StateStoreTest, gives_back_the_parts_of_the_newest_state) {
  EXPECT_EQ(read(), Parts());
  write({"a", std::string(100'000, 'b'), "c"});
  write({"d"});
  EXPECT_EQ(read(), Parts({"d"}));
}

TEST_P(StateStoreTest, keeps_the_old_state_until_the_new_one_is_committed) {
  write({"old"});
  write({"new"}, false);
  EXPECT_EQ(read(), Parts({"old"}));
}

TEST_P(StateStoreTest, reads_nothing_that_was_set_aside) {
  write({"a"});
  EXPECT_NE(store_.set_aside("views"), "");
  EXPECT_EQ(read(), Parts());
}

INSTANTIATE_TEST_SUITE_P(Twins, StateStoreTest, ::testing::Bool(),
                         [](const auto& twin) { return twin.param ? "Folder" : "Memory"; });

class FolderStoreTest : public StateStoreTest {
 protected:
  [[nodiscard]] fs::path path() const { return folder_ / "views.state"; }
};
INSTANTIATE_TEST_SUITE_P(Files, FolderStoreTest, ::testing::Values(true));

TEST_P(FolderStoreTest, finds_every_flipped_bit_and_every_missing_byte) {
  write({"one", "two"});
  const std::string whole = read_file(path(), 1'000).value();
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    ASSERT_TRUE(replace_file(path(), damaged, 0600).has_value());
    EXPECT_NE(read(), Parts({"one", "two"})) << at;
    ASSERT_TRUE(replace_file(path(), whole.substr(0, at), 0600).has_value());
    EXPECT_THAT(read().back(), ::testing::HasSubstr(path().string())) << at;
  }
  ASSERT_TRUE(replace_file(path(), whole + "x", 0600).has_value());
  EXPECT_NE(read(), Parts({"one", "two"}));
}

// kill -9 when all is written and nothing is renamed yet.
TEST_P(FolderStoreTest, leaves_the_old_state_when_it_is_killed_before_the_new_one_has_its_name) {
  write({"old"});
  const pid_t child = ::fork();
  if (child == 0) {
    auto writer = store_.write("views");
    (void)(*writer)->add(as_bytes("new"));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(fs::exists(path().string() + ".new"));
  EXPECT_EQ(read(), Parts({"old"}));
  write({"newer"});
  EXPECT_EQ(read(), Parts({"newer"}));
  EXPECT_FALSE(fs::exists(path().string() + ".new"));
}

}  // namespace
}  // namespace doorbuster::platform
