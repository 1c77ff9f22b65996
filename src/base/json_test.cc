#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

enum class Queue { kDraw, kFifo, kNone };
constexpr std::array<std::string_view, 3> kQueueNames = {"draw", "fifo", "none"};

std::string problem_with(std::string_view text) {
  JsonDocument document(text);
  const Result<void> finished = document.finish(JsonUnknown::kAllowed);
  return finished ? "" : finished.error().message;
}

// What reading one required member complains about.
template <class Read>
std::string complaint(std::string_view text, Read&& read) {
  JsonDocument document(text);
  read(document.root());
  const Result<void> finished = document.finish();
  EXPECT_FALSE(finished.has_value());
  return finished ? "" : finished.error().message;
}

TEST(JsonDocument, reads_every_type) {
  JsonDocument document(R"({"title": "a \"pair\" \u00e9\ud83d\ude00", "units": 10000, "odds": 0.5, "open": true,
                            "queue": "fifo", "opens_at": "2026-11-27T10:00:00Z", "item": {"sku": "x"}, "none": null})");
  const JsonObject root = document.root();
  EXPECT_EQ(root.required("title").string(), "a \"pair\" \xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(root.required("units").integer({.min = 1, .max = 10'000'000}), 10'000);
  EXPECT_EQ(root.required("odds").number({.min = 0, .max = 1}), 0.5);
  EXPECT_TRUE(root.required("open").boolean());
  EXPECT_EQ(root.required("queue").one_of<Queue>(kQueueNames), Queue::kFifo);
  EXPECT_EQ(format_rfc3339(root.required("opens_at").time()), "2026-11-27T10:00:00.000Z");
  EXPECT_EQ(root.required("item").object().required("sku").string(), "x");
  EXPECT_TRUE(root.optional("none").is_null());
  EXPECT_TRUE(document.finish().has_value());
}

TEST(JsonDocument, gives_the_fallback_for_what_is_not_there) {
  JsonDocument document("{}");
  const JsonObject root = document.root();
  EXPECT_EQ(root.optional("title").string({}, "untitled"), "untitled");
  EXPECT_EQ(root.optional("hold_seconds").integer({}, 300), 300);
  EXPECT_EQ(root.optional("queue").one_of(kQueueNames, Queue::kNone), Queue::kNone);
  EXPECT_TRUE(root.optional("open").boolean(true));
  EXPECT_FALSE(root.optional("item").object().required("sku").present());
  EXPECT_EQ(root.optional("tags").array(3).size(), 0U);
  EXPECT_TRUE(document.finish().has_value());
}

TEST(JsonDocument, says_where_a_number_is_wrong_and_what_is_needed) {
  const auto units = [](JsonObject root) {
    (void)root.required("units").integer({.min = 1, .max = 10'000'000, .needs = "a sale needs 1 to 10,000,000 units"});
  };
  EXPECT_EQ(complaint(R"({"units": 0})", units), "/units: 0 is too small: a sale needs 1 to 10,000,000 units");
  EXPECT_EQ(complaint(R"({"units": 10000001})", units),
            "/units: 10000001 is too large: a sale needs 1 to 10,000,000 units");
  EXPECT_EQ(complaint(R"({"units": 18446744073709551615})", units),
            "/units: 18446744073709551615 is too large: a sale needs 1 to 10,000,000 units");
  EXPECT_EQ(complaint(R"({"units": "7"})", units), "/units: must be a whole number, but is a string");
  EXPECT_EQ(complaint(R"({"units": 7.0})", units), "/units: must be a whole number, but is a number");
}

TEST(JsonDocument, makes_up_the_advice_from_the_bounds) {
  EXPECT_EQ(
      complaint(R"({"n": 1})", [](JsonObject root) { (void)root.required("n").integer({.min = 10, .max = 3600}); }),
      "/n: 1 is too small: it must be from 10 to 3,600");
  EXPECT_EQ(complaint(R"({"n": -1})", [](JsonObject root) { (void)root.required("n").integer({.min = 0}); }),
            "/n: -1 is too small: it must be 0 or more");
  EXPECT_EQ(complaint(R"({"n": 1.5})", [](JsonObject root) { (void)root.required("n").number({.min = 0, .max = 1}); }),
            "/n: 1.5 is too large: it must be from 0 to 1");
  EXPECT_EQ(complaint(R"({"s": ""})",
                      [](JsonObject root) { (void)root.required("s").string({.min_bytes = 1, .max_bytes = 5}); }),
            "/s: is empty: it must have 1 to 5 bytes");
  EXPECT_EQ(complaint(R"({"s": "123456"})", [](JsonObject root) { (void)root.required("s").string({.max_bytes = 5}); }),
            "/s: 6 bytes are too many: it must have 0 to 5 bytes");
}

TEST(JsonDocument, lists_the_names_that_an_enumeration_has) {
  EXPECT_EQ(complaint(R"({"queue": "lifo"})",
                      [](JsonObject root) { (void)root.required("queue").one_of<Queue>(kQueueNames); }),
            "/queue: 'lifo' is not known: write 'draw', 'fifo' or 'none'");
}

TEST(JsonDocument, says_that_a_member_is_missing) {
  const auto read = [](JsonObject root) {
    (void)root.required("price").object().required("amount", "give minor units").integer();
  };
  EXPECT_EQ(complaint("{}", read), "/price: is missing: it is required");
  EXPECT_EQ(complaint(R"({"price": {}})", read), "/price/amount: is missing: give minor units");
  EXPECT_EQ(complaint("[]", read), "the JSON must be an object, but is an array");
}

TEST(JsonDocument, refuses_null_where_a_value_is_needed) {
  EXPECT_EQ(complaint(R"({"s": null})", [](JsonObject root) { (void)root.optional("s").string(); }),
            "/s: must be a string, but is null");
}

TEST(JsonDocument, keeps_the_first_wrong_value_and_names_all_unknown_members) {
  const auto read = [](JsonObject root) {
    (void)root.required("units").integer({.min = 1});
    (void)root.required("title").string({.min_bytes = 1});
    (void)root.optional("item").object().optional("sku").string();
  };
  EXPECT_EQ(complaint(R"({"units": 0, "title": "", "item": {"sku": "", "a/b~c": 1}, "colour": {"deep": 1}})", read),
            "/units: 0 is too small: it must be 1 or more; unknown members /item/a~1b~0c, /colour: "
            "leave out or correct what is not in the documentation");
}

TEST(JsonDocument, finds_unknown_members_inside_arrays) {
  const auto read = [](JsonObject root) {
    root.required("keys").array(9).each([](JsonValue item) { (void)item.object().optional("id").string(); });
  };
  EXPECT_THAT(complaint(R"({"keys": [{"id": "a"}, {"id": "b", "x": 1}]})", read),
              StartsWith("unknown member /keys/1/x:"));
}

TEST(JsonDocument, reads_foreign_documents_when_unknown_members_are_allowed) {
  JsonDocument document(R"({"sub": "alice", "iss": "shop"})");
  EXPECT_EQ(document.root().required("sub").string(), "alice");
  EXPECT_TRUE(document.finish(JsonUnknown::kAllowed).has_value());
}

TEST(JsonDocument, reads_arrays_in_order_and_bounds_them) {
  JsonDocument document(R"(["DE", "FR", 3])");
  std::string joined;
  document.value().array(3).each([&](JsonValue item) { joined += item.string(); });
  EXPECT_EQ(joined, "DEFR");
  EXPECT_EQ(document.finish().error().message, "/2: must be a string, but is a whole number");

  JsonDocument long_one("[1,2,3,4]");
  EXPECT_EQ(long_one.value().array(3).size(), 0U);
  EXPECT_THAT(long_one.finish().error().message, HasSubstr("4 items are too many: at most 3"));
}

TEST(JsonDocument, takes_reasons_that_only_the_caller_knows) {
  EXPECT_EQ(complaint(R"({"c": "XX"})", [](JsonObject root) { root.required("c").refuse("'XX' is not a currency"); }),
            "/c: 'XX' is not a currency");
}

TEST(JsonDocument, refuses_duplicate_members_even_when_written_differently) {
  EXPECT_THAT(problem_with(R"({"a": 1, "a": 1})"), HasSubstr("a member appears twice"));
  EXPECT_THAT(problem_with(R"({"b": {"a": 1, "c": 2, "\u0061": 1}})"), HasSubstr("a member appears twice"));
  EXPECT_EQ(problem_with(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]})"), "");
}

TEST(JsonDocument, refuses_text_that_is_not_json) {
  for (const char* text : {"", "{", "{]", "{\"a\"}", "nul", "01", "[1,]", "{\"a\":1,}", "NaN", "// x\n1", "'a'",
                           "\"\\x\"", "\"\n\"", "1e999"}) {
    EXPECT_THAT(problem_with(text), StartsWith("the JSON is refused at byte ")) << text;
  }
  EXPECT_EQ(problem_with("{} x"), "the JSON is refused at byte 3: something follows the value");
  EXPECT_EQ(problem_with("  {}\n"), "");
}

TEST(JsonDocument, refuses_what_is_not_utf8) {
  for (const char* text :
       {"\"\xFF\"", "\"\xC3\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\\ud800\"", "\"\\udc00\"", "\xEF\xBB\xBF{}"}) {
    EXPECT_THAT(problem_with(text), StartsWith("the JSON is refused at byte ")) << text;
  }
}

TEST(JsonDocument, bounds_size_depth_and_members) {
  const std::string deep = std::string(17, '[') + std::string(17, ']');
  EXPECT_THAT(problem_with(deep), HasSubstr("nested too deep"));
  EXPECT_EQ(problem_with(std::string(16, '[') + std::string(16, ']')), "");

  EXPECT_THAT(problem_with("\"" + std::string(65'536, 'x') + "\""),
              HasSubstr("65,538 bytes of JSON are too many: at most 65,536"));

  std::string wide = "{";
  for (int i = 0; i < 129; ++i) wide += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
  EXPECT_THAT(problem_with(wide + "}"), HasSubstr("more than 128 members"));
}

TEST(JsonDocument, reads_documents_that_do_not_fit_the_inline_buffer) {
  std::string text = "[";
  for (int i = 0; i < 5'000; ++i) text += (i > 0 ? ",\"\\u0041" : "\"\\u0041") + std::to_string(i) + "\"";
  text += "]";
  JsonDocument document(text);
  int at = 0;
  document.value().array(5'000).each([&](JsonValue item) { EXPECT_EQ(item.string(), "A" + std::to_string(at++)); });
  EXPECT_EQ(at, 5'000);
}

TEST(JsonDocument, clips_long_names_in_messages_between_characters) {
  std::string name;
  for (int i = 0; i < 40; ++i) name += "\xC3\xA9";
  const std::string message = complaint("{\"x" + name + "\": 1}", [](JsonObject) {});
  EXPECT_THAT(message, StartsWith("unknown member /x\xC3\xA9"));
  EXPECT_LT(message.size(), 150U);
  JsonDocument quoted("\"x\"");
  EXPECT_EQ(quoted.value().string(), "x");
}

}  // namespace
}  // namespace doorbuster
