#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace doorbuster {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return fail(ErrorCode::kInvalid, "give an even number");
  return value / 2;
}

Result<int> quarter(int value) { return half(TRY(half(value))); }

Result<void> check(int value) {
  TRY(half(value));
  return {};
}

Result<std::string> described(int value) {
  TRY(check(value));
  return std::to_string(value);
}

Result<std::unique_ptr<int>> boxed(int value) { return std::make_unique<int>(TRY(half(value))); }

TEST(Result, try_gives_the_value) { EXPECT_EQ(quarter(12).value(), 3); }

TEST(Result, try_passes_the_error_on_unchanged) {
  const Result<int> result = quarter(6);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(result.error().message, "give an even number");
}

TEST(Result, try_works_for_results_without_a_value_and_across_types) {
  EXPECT_EQ(described(4).value(), "4");
  EXPECT_EQ(described(5).error().message, "give an even number");
}

TEST(Result, try_moves_what_cannot_be_copied) {
  const auto unbox = [](int value) -> Result<int> { return *TRY(boxed(value)); };
  EXPECT_EQ(unbox(8).value(), 4);
}

TEST(Result, try_on_a_named_result_leaves_it_usable) {
  const auto twice = [](int value) -> Result<int> {
    Result<int> named = half(value);
    return TRY(named) + TRY(named);
  };
  EXPECT_EQ(twice(10).value(), 10);
}

}  // namespace
}  // namespace doorbuster
