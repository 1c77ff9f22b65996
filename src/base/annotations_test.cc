#include "base/annotations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/annotations_json.h"

namespace doorbuster {
namespace {

using ::testing::HasSubstr;

Result<Annotations> read(std::string_view json) {
  JsonDocument document(json);
  Annotations annotations = read_annotations(document.root());
  TRY(document.finish());
  return annotations;
}

std::string problem(std::string_view json) {
  const auto annotations = read(json);
  return annotations ? "none" : annotations.error().message;
}

std::string written(const Annotations& annotations) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_annotations(json, annotations);
  json.end_object();
  return text;
}

TEST(Annotations, are_read_and_written) {
  const auto both = read(R"({"client_reference": "R-4711", "metadata": { "desk" : "3", "Größe": "\u00fc" }})");
  ASSERT_TRUE(both.has_value());
  EXPECT_EQ(both->client_reference, "R-4711");
  EXPECT_EQ(both->metadata, R"({"desk":"3","Größe":"ü"})");
  EXPECT_EQ(written(*both), R"({"client_reference":"R-4711","metadata":{"desk":"3","Größe":"ü"},"customer_id":null})");
}

TEST(Annotations, may_be_left_out_or_null_or_empty) {
  for (const char* none : {"{}", R"({"client_reference":null,"metadata":null})", R"({"metadata":{}})"}) {
    const auto annotations = read(none);
    ASSERT_TRUE(annotations.has_value()) << none;
    EXPECT_TRUE(annotations->empty()) << none;
  }
  EXPECT_EQ(written({}), R"({"client_reference":null,"metadata":null,"customer_id":null})");
}

TEST(Annotations, a_reference_is_a_short_text_of_one_line) {
  EXPECT_EQ(problem(R"({"client_reference":")" + std::string(128, 'x') + R"("})"), "none");
  EXPECT_THAT(problem(R"({"client_reference":")" + std::string(129, 'x') + R"("})"), HasSubstr("1 to 128 bytes"));
  EXPECT_THAT(problem(R"({"client_reference":""})"), HasSubstr("1 to 128 bytes"));
  EXPECT_THAT(problem(R"({"client_reference":7})"), HasSubstr("must be a string"));
  for (const char* control : {R"(\n)", R"(\u0000)", R"(\u007f)", R"(\u0085)"}) {
    EXPECT_THAT(problem(std::string(R"({"client_reference":"a)") + control + R"("})"),
                HasSubstr("without control characters"))
        << control;
  }
  EXPECT_EQ(problem("{\"client_reference\":\"\xC2\xA0\"}"), "none");
}

TEST(Annotations, metadata_is_a_flat_object_of_texts) {
  EXPECT_THAT(problem(R"({"metadata":"a"})"), HasSubstr("must be an object"));
  EXPECT_THAT(problem(R"({"metadata":{"a":1}})"), HasSubstr("/metadata/a: must be a string"));
  EXPECT_THAT(problem(R"({"metadata":{"a":{"b":"c"}}})"), HasSubstr("/metadata/a: must be a string"));
  EXPECT_THAT(problem(R"({"metadata":{"a":"b\n"}})"), HasSubstr("without control characters"));
  EXPECT_THAT(problem(R"({"metadata":{"a\u0000":"b"}})"), HasSubstr("without control characters"));
}

TEST(Annotations, metadata_is_at_most_512_bytes_long_as_it_is_kept) {
  const std::string fits(512 - 8, 'x');  // {"a":""} and that
  const auto longest = read(R"({"metadata":{   "a" : ")" + fits + R"("}})");
  ASSERT_TRUE(longest.has_value());
  EXPECT_EQ(longest->metadata.size(), 512U);
  EXPECT_THAT(problem(R"({"metadata":{"a":")" + fits + R"(x"}})"), HasSubstr("at most 512 bytes"));
  EXPECT_THAT(problem(R"({"metadata":{")" + std::string(600, 'k') + R"(":""}})"), HasSubstr("at most 512 bytes"));
  std::string many;
  for (int i = 0; i < 100; ++i) many += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":\"\"";
  EXPECT_THAT(problem("{\"metadata\":{" + many + "}}"), HasSubstr("at most 512 bytes"));
}

TEST(Annotations, of_two_the_first_counts_member_by_member) {
  const Annotations join{"r", R"({"a":"b"})", "alice"};
  EXPECT_EQ(merged(Annotations{"other", "", ""}, join), (Annotations{"other", R"({"a":"b"})", "alice"}));
  EXPECT_EQ(beyond(Annotations{"other", R"({"a":"b"})", ""}, join), (Annotations{"other", "", ""}));
  EXPECT_TRUE(beyond(join, join).empty());
}

TEST(Annotations, in_a_box_take_eight_bytes_and_are_a_value) {
  EXPECT_EQ(sizeof(AnnotationsBox), 8U);
  const AnnotationsBox box(Annotations{"r", "", ""});
  AnnotationsBox copy = box;
  EXPECT_EQ(copy, box);
  copy = Annotations{};
  EXPECT_EQ(copy, AnnotationsBox());
  EXPECT_EQ(box->client_reference, "r");
}

}  // namespace
}  // namespace doorbuster
