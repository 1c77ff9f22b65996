#include "base/outgoing_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/file_replacement.h"

namespace doorbuster {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBig = size_t{10} << 20;
constexpr off_t kLittle = off_t{4} << 20;  // that goes in one piece

// A big file, and a descriptor by which a test sees what becomes of it when its name is gone.
class OutgoingFileTest : public ::testing::Test {
 protected:
  OutgoingFileTest() : folder_(fs::path(::testing::TempDir()) / ("outgoing_file_test-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    std::ofstream(path_) << std::string(kBig, 'x');
    watch(path_);
  }
  ~OutgoingFileTest() override {
    ::close(fd_);
    fs::remove_all(folder_);
  }

  void watch(const fs::path& path) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  }
  [[nodiscard]] off_t size() const {
    struct stat status {};
    EXPECT_EQ(::fstat(fd_, &status), 0);
    return status.st_size;
  }

  const fs::path folder_;
  const fs::path path_ = folder_ / "big";
  int fd_ = -1;
};

TEST_F(OutgoingFileTest, a_file_without_a_name_is_given_back) {
  OutgoingFile file(path_);
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  EXPECT_EQ(size(), off_t{kBig});
  file.give_back();
  EXPECT_LE(size(), kLittle);
}

TEST_F(OutgoingFileTest, a_file_that_has_a_name_left_is_let_be) {
  OutgoingFile file(path_);
  file.give_back();
  EXPECT_EQ(size(), off_t{kBig});
  fs::create_hard_link(path_, folder_ / "kept");
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  file.give_back();
  EXPECT_EQ(size(), off_t{kBig});
}

TEST_F(OutgoingFileTest, where_there_is_none_nothing_happens) {
  OutgoingFile file(folder_ / "none");
  file.give_back();
  remove_gently(folder_ / "none");
  EXPECT_FALSE(fs::exists(folder_ / "none"));
}

TEST_F(OutgoingFileTest, a_removed_file_is_given_back) {
  remove_gently(path_);
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_LE(size(), kLittle);
}

TEST_F(OutgoingFileTest, a_replacement_gives_back_the_old_one_and_an_abandoned_one_itself) {
  FileReplacement replacement(path_);
  ASSERT_TRUE(replacement.begin(0600).has_value());
  ASSERT_TRUE(replacement.add(as_bytes("new")).has_value());
  ASSERT_TRUE(replacement.commit().has_value());
  EXPECT_LE(size(), kLittle);
  EXPECT_EQ(fs::file_size(path_), 3U);
  {
    FileReplacement abandoned(path_);
    ASSERT_TRUE(abandoned.begin(0600).has_value());
    ASSERT_TRUE(abandoned.add(as_bytes(std::string(kBig, 'y'))).has_value());
    watch(path_.string() + ".new");
    EXPECT_EQ(size(), off_t{kBig});
  }
  EXPECT_LE(size(), kLittle);
  EXPECT_EQ(fs::file_size(path_), 3U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace doorbuster
