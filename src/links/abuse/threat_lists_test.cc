#include "links/abuse/threat_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace doorbuster::links {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ThreatListsTest : public ::testing::Test {
 protected:
  ~ThreatListsTest() override {
    for (const std::string& path : paths_) std::filesystem::remove(path);
  }
  void write(size_t file, const std::string& text) {
    std::ofstream(paths_[file] + ".new") << text;
    std::filesystem::rename(paths_[file] + ".new", paths_[file]);
  }
  bool refresh() {
    return lists_.refresh([this](const std::string& trouble) { troubles_.push_back(trouble); });
  }
  Threat of(std::string_view url) const { return lists_.find(url).threat; }

  static std::string path_of(const char* name) {
    return std::filesystem::path(::testing::TempDir()) /
           (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + name);
  }
  const std::vector<std::string> paths_ = {path_of("-1"), path_of("-2")};
  ThreatLists lists_{paths_};
  std::vector<std::string> troubles_;
};

TEST_F(ThreatListsTest, tell_the_worst_that_any_of_them_says) {
  write(0, "evil.example\n");
  write(1, "other.example\n");
  ASSERT_TRUE(lists_.load().has_value());
  EXPECT_EQ(lists_.find("https://evil.example/x").list, paths_[0]);
  EXPECT_EQ(lists_.find("https://other.example/x").list, paths_[1]);
  EXPECT_EQ(of("https://good.example/"), Threat::kNone);
  EXPECT_EQ(lists_.entries(), 2U);
}

TEST_F(ThreatListsTest, are_read_again_once_a_file_has_changed_and_stays_as_it_is) {
  write(0, "evil.example\n");
  write(1, "");
  ASSERT_TRUE(lists_.load().has_value());
  EXPECT_FALSE(refresh());
  write(0, "another.example\n");
  EXPECT_FALSE(refresh()) << "whoever writes it may not be done";
  EXPECT_EQ(of("https://evil.example/"), Threat::kListed);
  EXPECT_TRUE(refresh());
  EXPECT_EQ(of("https://evil.example/"), Threat::kNone);
  EXPECT_EQ(of("https://another.example/"), Threat::kListed);
  EXPECT_FALSE(refresh());
  EXPECT_THAT(troubles_, IsEmpty());
}

TEST_F(ThreatListsTest, stay_as_they_were_while_a_file_can_not_be_read) {
  write(0, "evil.example\n");
  write(1, "");
  ASSERT_TRUE(lists_.load().has_value());
  std::filesystem::remove(paths_[0]);
  EXPECT_FALSE(refresh());
  EXPECT_FALSE(refresh());
  EXPECT_FALSE(refresh());
  EXPECT_EQ(of("https://evil.example/"), Threat::kListed);
  EXPECT_THAT(troubles_, ElementsAre(HasSubstr("the list as it was read before is used"))) << "said once";
  write(0, "a table, of some kind\nevil.example\n");
  EXPECT_FALSE(refresh());
  EXPECT_TRUE(refresh());
  EXPECT_THAT(troubles_.back(), HasSubstr("1 lines are neither a hash nor an address, first line 1"));
}

TEST_F(ThreatListsTest, do_not_begin_without_a_file) {
  write(0, "evil.example\n");
  EXPECT_THAT(lists_.load().error().message, HasSubstr(paths_[1]));
}

}  // namespace
}  // namespace doorbuster::links
