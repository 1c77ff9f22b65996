#include "recs/evaluation/sessions_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "recs/evaluation/line_reader.h"

namespace doorbuster::recs {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

class SessionsFormat : public ::testing::Test {
 protected:
  ~SessionsFormat() override { std::filesystem::remove(path_); }

  const std::string& plain(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return path_;
  }

  const std::string& gzip(const std::string& text) {
    const gzFile file = gzopen(path_.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path_;
  }

  std::string path_ = ::testing::TempDir() + "sessions_" + std::to_string(getpid());
  ItemNames names_;
};

TEST_F(SessionsFormat, numbers_items_in_the_order_of_their_appearance) {
  const auto sessions = read_sessions(plain("70 9\r\n9 a-b 70"), names_);
  ASSERT_TRUE(sessions.has_value());
  ASSERT_EQ(sessions->size(), 2U);
  EXPECT_THAT((*sessions)[0], ElementsAre(0, 1));
  EXPECT_THAT((*sessions)[1], ElementsAre(1, 2, 0));
  EXPECT_EQ(names_.name_of(2), "a-b");
}

TEST_F(SessionsFormat, reads_gzip_as_it_reads_text) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + " 1\n";
  EXPECT_EQ(read_sessions(gzip(text), names_)->size(), 100'000U);
}

TEST_F(SessionsFormat, says_of_a_file_that_was_cut_that_it_is_not_whole) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i * i % 7919) + "\n";
  std::filesystem::resize_file(gzip(text), 9'000);
  EXPECT_EQ(read_sessions(path_, names_).error().code, ErrorCode::kCorrupt);
}

TEST_F(SessionsFormat, names_the_line_that_is_wrong) {
  EXPECT_THAT(read_sessions(plain("1 2\n\n3"), names_).error().message,
              EndsWith(":2: a session has at least one item"));
  EXPECT_THAT(read_prefixes(plain("1\t2\n1 2\n"), names_).error().message,
              EndsWith(":2: has to be a prefix, a tab, the item that came next"));
  EXPECT_THAT(read_prefixes(plain("\t2\n"), names_).error().message, EndsWith(":1: the prefix has no item"));
  EXPECT_THAT(read_prefixes(plain("2\t1 2\n"), names_).error().message,
              EndsWith(":1: behind the tab has to be one item"));
  EXPECT_EQ(read_sessions(plain(""), names_).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(read_sessions("/nowhere/to/be/found", names_).error().code, ErrorCode::kNotFound);
}

TEST_F(SessionsFormat, reads_prefixes_and_what_came_next) {
  const auto prefixes = read_prefixes(plain("5 6\t7\n5\t6\n"), names_);
  ASSERT_TRUE(prefixes.has_value());
  EXPECT_THAT(prefixes->prefixes[0], ElementsAre(0, 1));
  EXPECT_THAT(prefixes->next, ElementsAre(2, 1));
}

TEST_F(SessionsFormat, bounds_the_length_of_a_line) {
  EXPECT_EQ(read_sessions(plain(std::string(kLineBytesMax + 1'000'000, '1')), names_).error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace doorbuster::recs
