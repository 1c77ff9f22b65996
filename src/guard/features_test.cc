#include "guard/features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace doorbuster::guard {
namespace {

TEST(Features, have_a_name_each_that_no_other_has) {
  const std::set<std::string_view> names(kFeatureNames.begin(), kFeatureNames.end());
  EXPECT_EQ(names.size(), kFeatures);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(kFeatureNames.front(), "no_account");
  EXPECT_EQ(kFeatureNames[kFirstFact], "new_session");
  EXPECT_EQ(kFeatureNames[kFirstFact + kFacts - 1], "page_focus");
  EXPECT_EQ(kFeatureNames.back(), "device_tool");
}

TEST(Features, know_nothing_at_first) {
  const Features features;
  for (size_t i = 0; i < kFeatures; ++i) {
    const bool is_fact = i >= kFirstFact && i < kFirstNetworkFeature;
    EXPECT_EQ(std::isnan(features.values()[i]), is_fact) << kFeatureNames[i];
  }
}

TEST(Features, keep_which_signals_spoke) {
  SignalSet signals;
  signals.add(Signal::kNoAccount);
  signals.add(Signal::kDeviceReused);
  Features features;
  features.set(signals);
  for (size_t i = 1; i < kSignals; ++i)
    EXPECT_EQ(features.signals().has(static_cast<Signal>(i)), signals.has(static_cast<Signal>(i))) << kSignalNames[i];
}

TEST(Features, keep_what_is_set) {
  Features features;
  features.set(Fact::kAccountAgeDays, 40);
  features.set(NetworkClass::kMobile);
  features.set(DeviceClass::kPhone);
  features.set(PageUse{.first_ms = 900, .presses = 1, .moves = 2, .keys = 3, .touches = 4, .focus = 5});
  EXPECT_EQ(features.of(Fact::kAccountAgeDays), 40);
  EXPECT_EQ(features.of(Fact::kPageFirstMs), 900);
  EXPECT_EQ(features.of(Fact::kPageFocus), 5);
  float ones = 0;
  for (size_t i = kFirstNetworkFeature; i < kFeatures; ++i) ones += features.values()[i];
  EXPECT_EQ(ones, 2);
}

}  // namespace
}  // namespace doorbuster::guard
