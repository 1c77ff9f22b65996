#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace doorbuster {
namespace {

template <class T>
std::string written(const T& value) {
  std::string out;
  JsonWriter(out).value(value);
  return out;
}

TEST(JsonWriter, writes_nested_objects_and_arrays_with_commas_between) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("id", "ps5")
      .member("units", 10'000)
      .key("price")
      .begin_object()
      .member("amount", -5)
      .end_object();
  json.key("tags").begin_array().value("a").begin_array().end_array().value(true).end_array();
  json.key("empty").begin_object().end_object().member("last", nullptr).end_object();
  EXPECT_EQ(out, R"({"id":"ps5","units":10000,"price":{"amount":-5},"tags":["a",[],true],"empty":{},"last":null})");
}

TEST(JsonWriter, writes_whole_numbers_to_their_ends) {
  EXPECT_EQ(written(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(written(std::numeric_limits<uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(written(uint8_t{200}), "200");
}

TEST(JsonWriter, writes_the_shortest_form_of_a_double) {
  EXPECT_EQ(written(0.93), "0.93");
  EXPECT_EQ(written(1e300), "1e+300");
  EXPECT_EQ(written(0.1 + 0.2), "0.30000000000000004");
}

TEST(JsonWriter, writes_times_and_absent_values) {
  EXPECT_EQ(written(Timestamp::from_micros(0)), "\"1970-01-01T00:00:00.000Z\"");
  EXPECT_EQ(written(std::optional<int>{}), "null");
  EXPECT_EQ(written(std::optional<int>{7}), "7");
}

TEST(JsonWriter, escapes_what_must_be_escaped) {
  EXPECT_EQ(written("a\"b\\c\n\r\t\x01\x7F/"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\x7F/\"");
  EXPECT_EQ(written(std::string_view("\0", 1)), "\"\\u0000\"");
}

// Eight bytes are looked at together: each of them has to be seen, wherever it stands.
TEST(JsonWriter, escapes_at_every_place_of_a_text) {
  for (size_t size = 1; size <= 20; ++size) {
    for (size_t at = 0; at < size; ++at) {
      for (const char* special : {"\"", "\\", "\n", "\x01", "\x1F", "\xFF"}) {
        std::string text(size, 'a');
        text[at] = special[0];
        const std::string shown = written(special);
        const std::string expected =
            '"' + std::string(at, 'a') + shown.substr(1, shown.size() - 2) + std::string(size - at - 1, 'a') + '"';
        EXPECT_EQ(written(text), expected) << size << " " << at;
      }
    }
  }
}

TEST(JsonWriter, leaves_every_byte_beside_a_special_one_alone) {
  for (char beside = 0x20; beside < 0x7F; ++beside) {
    if (beside == '"' || beside == '\\') continue;
    EXPECT_EQ(written("\"" + std::string(7, beside) + "\\"), "\"\\\"" + std::string(7, beside) + "\\\\\"");
  }
}

TEST(JsonWriter, escapes_keys_that_are_known_only_at_run_time) {
  std::string out;
  JsonWriter(out).begin_object().member("a", 1).dynamic_key("b\"").value(2).end_object();
  EXPECT_EQ(out, R"({"a":1,"b\"":2})");
}

TEST(JsonWriter, keeps_utf8_and_replaces_bytes_that_are_not) {
  EXPECT_EQ(written("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
  const std::string replaced = "\"\xEF\xBF\xBD\"";
  for (const char* broken : {"\xFF", "\xC3", "\x80", "\xF5"}) EXPECT_EQ(written(broken), replaced) << broken;
  EXPECT_EQ(written("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a surrogate
  EXPECT_EQ(written("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
}

}  // namespace
}  // namespace doorbuster
