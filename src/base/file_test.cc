#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace doorbuster {
namespace {

namespace fs = std::filesystem;

class FileTest : public ::testing::Test {
 protected:
  FileTest() : folder_(fs::path(::testing::TempDir()) / ("file_test-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~FileTest() override { fs::remove_all(folder_); }

  static mode_t mode_of(const fs::path& path) {
    struct stat found{};
    EXPECT_EQ(::stat(path.c_str(), &found), 0);
    return found.st_mode & 07777;
  }

  const fs::path folder_;
};

TEST_F(FileTest, what_was_written_is_read_back_with_its_mode) {
  const fs::path path = folder_ / "keys.json";
  ASSERT_TRUE(replace_file(path, "first", 0600).has_value());
  ASSERT_TRUE(replace_file(path, "second", 0600).has_value());
  EXPECT_EQ(read_file(path, 100).value(), "second");
  EXPECT_EQ(mode_of(path), 0600U);
}

TEST_F(FileTest, the_mode_does_not_depend_on_the_umask) {
  const mode_t before = ::umask(0777);
  const Result<void> written = replace_file(folder_ / "open", "x", 0644);
  ::umask(before);
  ASSERT_TRUE(written.has_value());
  EXPECT_EQ(mode_of(folder_ / "open"), 0644U);
}

TEST_F(FileTest, a_failed_replacement_leaves_the_old_file_and_no_litter) {
  const fs::path path = folder_ / "a-folder";
  fs::create_directories(path / "not-empty");
  const Result<void> replaced = replace_file(path, "x", 0600);
  ASSERT_FALSE(replaced.has_value());
  EXPECT_EQ(replaced.error().code, ErrorCode::kIo);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(FileTest, of_two_creations_the_first_stays) {
  ASSERT_TRUE(create_file(folder_ / "secret", "first", 0600).has_value());
  EXPECT_EQ(create_file(folder_ / "secret", "second", 0600).error().code, ErrorCode::kConflict);
  EXPECT_EQ(read_file(folder_ / "secret", 100).value(), "first");
  EXPECT_EQ(mode_of(folder_ / "secret"), 0600U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(FileTest, a_missing_file_is_told_from_an_unreadable_one) {
  EXPECT_EQ(read_file(folder_ / "none", 10).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_file(folder_, 10).error().code, ErrorCode::kIo);
}

TEST_F(FileTest, a_file_beyond_the_limit_is_refused) {
  ASSERT_TRUE(replace_file(folder_ / "big", std::string(11, 'x'), 0600).has_value());
  EXPECT_EQ(read_file(folder_ / "big", 10).error().code, ErrorCode::kLimit);
  EXPECT_EQ(read_file(folder_ / "big", 11).value().size(), 11U);
}

TEST_F(FileTest, a_file_of_any_length_is_read_whole) {
  for (const size_t bytes : {0UL, 1UL, 4'095UL, 4'096UL, 4'097UL, 8'192UL, 100'000UL}) {
    std::string content;
    for (size_t i = 0; i < bytes; ++i) content += static_cast<char>('a' + i % 26);
    ASSERT_TRUE(replace_file(folder_ / "long", content, 0600).has_value());
    EXPECT_EQ(read_file(folder_ / "long", bytes).value(), content);
    EXPECT_EQ(read_file(folder_ / "long", 1'000'000).value(), content);
    if (bytes > 0) {
      EXPECT_EQ(read_file(folder_ / "long", bytes - 1).error().code, ErrorCode::kLimit);
    }
  }
}

}  // namespace
}  // namespace doorbuster
