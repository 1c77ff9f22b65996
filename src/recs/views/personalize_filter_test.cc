#include "recs/views/personalize_filter.h"

#include <gtest/gtest.h>

namespace doorbuster::recs {
namespace {

const std::vector<std::string> kPairs = {"like=purchase"};

Item tent() {
  Item item{.name = "tent"};
  item.content.categories = {"camping"};
  item.content.price = 99.5;
  item.content.brand = "Acme";
  item.content.attributes = {{"genres", std::string("outdoor|family")},
                             {"number_of_ratings", std::string("12")},
                             {"category_l1", std::string("camping")},
                             {"year", 2026.0}};
  return item;
}

struct Accepted {
  PersonalizeQuestion question = {};
  EventKinds done = 0;

  // Nothing: it is no filter.
  [[nodiscard]] std::optional<bool> by(std::string_view expression) const {
    const auto filter = parse_personalize(expression, question, EventNames(kPairs));
    if (!filter) return std::nullopt;
    return filter->accepts({.item = tent(), .done = done});
  }
  [[nodiscard]] std::string problem_of(std::string_view expression) const {
    const auto filter = parse_personalize(expression, question, EventNames(kPairs));
    return filter ? "" : filter.error().message;
  }
};

TEST(PersonalizeFilterTest, fields_of_items_are_compared) {
  const Accepted accepted;
  for (const std::string_view yes :
       {R"(INCLUDE ItemID WHERE Items.GENRES IN ("family","x"))", R"(include itemid where items.genres not in ("x"))",
        "INCLUDE ItemID WHERE Items.PRICE < 100", "INCLUDE ItemID WHERE Items.NUMBER_OF_RATINGS = 12",
        "INCLUDE ItemID WHERE Items.numberOfRatings >= 12", R"(INCLUDE ItemID WHERE Items.YEAR IN ("2026"))",
        R"(EXCLUDE ItemID WHERE Items.BRAND IN ("Other"))", R"(INCLUDE ItemID WHERE Items.CATEGORY IN ("camping"))",
        R"(EXCLUDE ItemID WHERE Items.NOTHING IN ("x") OR Items.PRICE > 100)",
        R"(INCLUDE ItemID WHERE Items.PRICE < 10 OR Items.PRICE > 90 AND Items.YEAR = 2026)",
        R"(INCLUDE ItemID WHERE Items.ITEM_ID IN ("tent"))"})
    EXPECT_EQ(accepted.by(yes), true) << yes << ": " << accepted.problem_of(yes);
  for (const std::string_view no :
       {R"(INCLUDE ItemID WHERE Items.GENRES IN ("outdoor|family"))", "INCLUDE ItemID WHERE Items.PRICE != 99.5",
        "EXCLUDE ItemID WHERE Items.PRICE < 100", "INCLUDE ItemID WHERE Items.NOTHING > 0",
        R"(INCLUDE ItemID WHERE Items.PRICE < 100 | EXCLUDE ItemID WHERE Items.BRAND IN ("Acme"))"})
    EXPECT_EQ(accepted.by(no), false) << no << ": " << accepted.problem_of(no);
}

TEST(PersonalizeFilterTest, what_was_done_is_told_by_kind) {
  Accepted accepted;
  const std::string_view no_purchase = R"(EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("Purchase"))";
  const std::string_view nothing = R"(EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*"))";
  EXPECT_EQ(accepted.by(nothing), true);
  accepted.done = bit_of(EventKind::kView);
  EXPECT_EQ(accepted.by(no_purchase), true);
  EXPECT_EQ(accepted.by(nothing), false);
  EXPECT_EQ(accepted.by(R"(INCLUDE ItemID WHERE Interactions.EVENT_TYPE NOT IN ("view"))"), false);
  accepted.done = bit_of(EventKind::kPurchase);
  EXPECT_EQ(accepted.by(no_purchase), false);
  EXPECT_EQ(accepted.by(R"(EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("LIKE"))"), false) << "as it is configured";
}

TEST(PersonalizeFilterTest, only_who_includes_what_was_bought_sees_it_again) {
  const auto filter_of = [](std::string_view expression) {
    return *parse_personalize(expression, {}, EventNames(kPairs));
  };
  EXPECT_TRUE(filter_of(R"(INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase"))").names_bought());
  EXPECT_FALSE(filter_of(R"(EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click"))").names_bought());
  EXPECT_TRUE(filter_of(R"(EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click"))").names_events());
  EXPECT_FALSE(filter_of("INCLUDE ItemID WHERE Items.PRICE < 1").names_events());
}

TEST(PersonalizeFilterTest, parameters_come_with_the_question) {
  Accepted accepted;
  const std::string_view include = "INCLUDE ItemID WHERE Items.GENRES IN ($GENRES) AND Items.PRICE < $MOST";
  EXPECT_EQ(accepted.problem_of(include), "column 40: no value is given for $GENRES");
  accepted.question.values = {{"GENRES", R"("x","family")"}, {"MOST", "100"}};
  EXPECT_EQ(accepted.by(include), true);
  accepted.question.values = {{"GENRES", "family"}, {"MOST", "100"}};
  EXPECT_EQ(accepted.by(include), true) << "one text needs no quotes";
  accepted.question.values = {{"GENRES", "\"family\""}, {"MOST", "x"}};
  EXPECT_EQ(accepted.problem_of(include), "column 71: the parameter is no number: 'x'");
  accepted.question.values = {{"GENRES", R"("a" b)"}, {"MOST", "1"}};
  EXPECT_EQ(accepted.by(include), std::nullopt);
  accepted.question.values = {{"genres", "\"family\""}, {"MOST", "1"}};
  EXPECT_EQ(accepted.by(include), std::nullopt) << "the case of names counts";
}

TEST(PersonalizeFilterTest, of_an_exclusion_what_is_not_given_says_nothing) {
  Accepted accepted;
  EXPECT_EQ(accepted.by("EXCLUDE ItemID WHERE Items.GENRES IN ($GENRES)"), true);
  EXPECT_EQ(accepted.by("EXCLUDE ItemID WHERE Items.GENRES IN ($GENRES) OR Items.PRICE < 100"), false);
  EXPECT_EQ(accepted.by("EXCLUDE ItemID WHERE Items.GENRES IN ($GENRES) AND Items.PRICE > $P"), true);
}

TEST(PersonalizeFilterTest, conditions_on_the_user_decide_whether_an_expression_holds) {
  Accepted accepted;
  const std::string_view of_adults =
      R"(EXCLUDE ItemID WHERE Items.GENRES IN ("family") IF CurrentUser.AGE >= 18 AND CurrentUser.PLAN IN ("gold"))";
  EXPECT_EQ(accepted.by(of_adults), true) << "nobody knows them";
  accepted.question.user = R"({"age": "18", "plan": "gold|old"})";
  EXPECT_EQ(accepted.by(of_adults), false);
  accepted.question.user = R"({"AGE": 17, "plan": "gold"})";
  EXPECT_EQ(accepted.by(of_adults), true);
  std::string both(of_adults);
  both.append(R"( | EXCLUDE ItemID WHERE Items.BRAND IN ("Acme"))");
  EXPECT_EQ(accepted.by(both), false);
}

TEST(PersonalizeFilterTest, values_may_be_those_of_the_item_that_is_asked_about) {
  Accepted accepted;
  const std::string_view alike = "INCLUDE ItemID WHERE Items.GENRES IN (CurrentItem.GENRES)";
  EXPECT_EQ(accepted.problem_of(alike), "column 39: CurrentItem is of questions about an item");
  Item other{.name = "other"};
  accepted.question.item = &other;
  EXPECT_EQ(accepted.by(alike), false) << "it has none";
  other.content.attributes = {{"genres", std::string("family|x")}};
  other.content.price = 100;
  EXPECT_EQ(accepted.by(alike), true);
  EXPECT_EQ(accepted.by("INCLUDE ItemID WHERE Items.PRICE > CurrentItem.PRICE"), false);
}

TEST(PersonalizeFilterTest, what_is_wrong_is_told_with_its_column) {
  const Accepted accepted;
  const auto told = [&](std::string_view expression, std::string_view what) {
    EXPECT_TRUE(accepted.problem_of(expression).starts_with(what))
        << expression << ": " << accepted.problem_of(expression);
    EXPECT_EQ(check_personalize(expression, EventNames(kPairs)).has_value(), false) << expression;
  };
  told("", "column 1: INCLUDE or EXCLUDE");
  told("INCLUDE UserID WHERE Users.AGE > 1", "column 9: ItemID");
  told("INCLUDE ItemID Items.PRICE > 1", "column 16: WHERE");
  told("INCLUDE ItemID WHERE Users.AGE > 1", "column 22: a field");
  told("INCLUDE ItemID WHERE Items PRICE > 1", "column 28: a . and a field");
  told("INCLUDE ItemID WHERE Items.PRICE", "column 33: IN, NOT IN");
  told("INCLUDE ItemID WHERE Items.PRICE > \"a\"", "column 36: a number");
  told("INCLUDE ItemID WHERE Items.A IN (\"a\"", "column 37: a , or a )");
  told("INCLUDE ItemID WHERE Items.A IN (\"a)", "column 34: the text");
  told("INCLUDE ItemID WHERE Items.A IN (\"*\")", "column 38: * stands");
  told("INCLUDE ItemID WHERE Items.A NOT IN ($A)", "column 38: no parameter");
  told("INCLUDE ItemID WHERE Interactions.VALUE > 1", "column 22: of Interactions");
  told("INCLUDE ItemID WHERE Items.A IN (\"a\") AND Interactions.EVENT_TYPE IN (\"b\")", "column 43: one expression");
  told("INCLUDE ItemID WHERE Items.PRICE > 1 IF Items.PRICE > 1", "column 41: behind IF");
  told("INCLUDE ItemID WHERE CurrentUser.AGE > 1", "column 22: CurrentUser");
  told("INCLUDE ItemID WHERE Items.PRICE > 1 EXCLUDE", "column 38: nothing more");
  told("INCLUDE ItemID WHERE Items.PRICE > 1 |", "column 39: INCLUDE");
  told(std::string(2'001, ' '), "column 2001");
  EXPECT_TRUE(
      check_personalize("INCLUDE ItemID WHERE Items.A IN ($A, CurrentItem.A) AND Items.B < $B", EventNames(kPairs)));
}

}  // namespace
}  // namespace doorbuster::recs
