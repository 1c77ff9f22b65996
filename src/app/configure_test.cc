#include "app/configure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/config_test_helpers.h"
#include "app/settings.h"

namespace doorbuster::app {
namespace {

TEST(Configure, NothingAtAllGivesTheDefaults) { EXPECT_EQ(configured(""), Config()); }

TEST(Configure, EverySettingCanBeSetInTheFile) {
  const Config config = configured(kEverything);
  const Config defaults;
  for (const Setting<Config>& setting : settings()) {
    EXPECT_NE(to_toml(setting.get(config)), to_toml(setting.get(defaults))) << setting.key;
  }
  EXPECT_EQ(config.data, "/srv/a \"b\" \\c");
  EXPECT_EQ(config.customers.shop_keys.size(), 2U);
  ASSERT_EQ(config.webhooks.size(), 2U);
  EXPECT_EQ(config.webhooks[0].events, (std::vector<std::string>{"order.paid", "sale.all_held"}));
  EXPECT_EQ(config.webhooks[0].id, "shop");
  EXPECT_EQ(config.webhooks[0].in_flight, 8U);
  EXPECT_EQ(config.webhooks[0].batch, 100U);
}

TEST(Configure, WhatIsPrintedReadsBackTheSame) {
  for (const Config& config : {Config(), configured(kEverything)}) EXPECT_EQ(configured(print_config(config)), config);
}

TEST(Configure, TheDocumentedDefaultsAreThePrintedOnes) {
  std::ifstream file(DOORBUSTER_DOCS "/doorbuster.toml");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_EQ(text, print_config(Config())) << "write `doorbuster serve --print-config` to docs/doorbuster.toml";
}

TEST(Configure, AFlagWinsOverTheFile) {
  const Config config = configured("listen = \"127.0.0.1:1\"\n[http]\nbody_bytes = 2048\n",
                                   {"--listen", "127.0.0.1:2", "--log-allow-lost-tail"});
  EXPECT_EQ(config.listen, "127.0.0.1:2");
  EXPECT_EQ(config.http.body_bytes, 2048U);
  EXPECT_TRUE(config.log.allow_lost_tail);
}

TEST(Configure, AFlagCanTakeBackWhatTheFileAllows) {
  EXPECT_FALSE(configured("[log]\nallow_lost_tail = true\n", {"--log-allow-lost-tail=false"}).log.allow_lost_tail);
}

TEST(Configure, EverySettingHasAFlagThatReadsItsPrintedValue) {
  const Config everything = configured(kEverything);
  for (const Setting<Config>& setting : settings()) {
    const Value value = setting.get(everything);
    const auto* words = std::get_if<std::string>(&value);
    const std::string word = words != nullptr ? *words : to_toml(value);
    const ConfigFlags flags = typed({flag_of(setting.key) + "=" + word});
    ASSERT_EQ(flags.settings.size(), 1U) << setting.key;
    EXPECT_EQ(flags.settings[0], std::make_pair(setting.key, word));
  }
}

TEST(Configure, PrintingAndTheFileHaveFlagsOfTheirOwn) {
  const ConfigFlags flags = typed({"--config", "x.toml", "--print-config"});
  EXPECT_EQ(flags.file, "x.toml");
  EXPECT_TRUE(flags.print);
}

TEST(Configure, ReadsTheFileThatTheFlagNames) {
  const auto path = std::filesystem::temp_directory_path() / "doorbuster_configure_test.toml";
  std::ofstream(path) << "listen = \"127.0.0.1:3\"\n";
  ConfigFlags flags;
  flags.file = path;
  EXPECT_EQ(configure(flags)->listen, "127.0.0.1:3");
  std::filesystem::remove(path);
  const Result<Config> missing = configure(flags);
  ASSERT_FALSE(missing.has_value());
  EXPECT_THAT(missing.error().message, testing::StartsWith("--config: "));
  EXPECT_THAT(missing.error().message, testing::HasSubstr(path.string()));
}

TEST(Configure, EveryNumberRefusesWhatLiesBesideItsRange) {
  for (const Setting<Config>& setting : settings()) {
    if (!std::holds_alternative<int64_t>(setting.get(Config()))) continue;
    Config config;
    EXPECT_FALSE(setting.set(config, Value(int64_t{-1})).has_value()) << setting.key;
    EXPECT_FALSE(setting.set(config, Value(INT64_MAX)).has_value()) << setting.key;
    EXPECT_EQ(config, Config()) << setting.key << " was changed by what it refused";
  }
}

}  // namespace
}  // namespace doorbuster::app
