#include "app/configure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <filesystem>
#include <fstream>
#include <utility>

#include "app/config_test_helpers.h"
#include "app/limits.h"
#include "app/settings.h"

namespace doorbuster::app {
namespace {

TEST(Configure, nothing_at_all_gives_the_defaults) { EXPECT_EQ(print_config(configured("")), print_config(Config())); }

TEST(Configure, every_setting_can_be_set_in_the_file) {
  Config config = configured(kEverything);
  Config defaults;
  const ops::SettingsTable usual = settings_of(defaults);
  const ops::SettingsTable table = settings_of(config);
  for (const ops::Setting& setting : table.settings()) {
    EXPECT_NE(ops::to_toml(setting.get()), ops::to_toml(usual.find(setting.key)->get())) << setting.key;
  }
  EXPECT_EQ(config.data, "/srv/a \"b\" \\c");
  EXPECT_EQ(config.sale.shop_keys.size(), 2U);
  ASSERT_EQ(config.webhooks.size(), 2U);
  EXPECT_EQ(config.webhooks[0].events, (std::vector<std::string>{"order.paid", "sale.all_held"}));
  EXPECT_EQ(config.webhooks[0].id, "shop");
  EXPECT_EQ(config.webhooks[0].in_flight, 8U);
  EXPECT_EQ(config.webhooks[0].batch, 100U);
}

TEST(Configure, what_is_printed_reads_back_the_same) {
  for (const Config& config : {Config(), configured(kEverything)}) {
    EXPECT_EQ(print_config(configured(print_config(config))), print_config(config));
  }
}

TEST(Configure, the_documented_defaults_are_the_printed_ones) {
  std::ifstream file(DOORBUSTER_DOCS "/doorbuster.toml");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_EQ(text, print_config(Config())) << "write `doorbuster serve --print-config` to docs/doorbuster.toml";
}

TEST(Configure, a_flag_wins_over_the_file) {
  const Config config = configured("listen = \"127.0.0.1:1\"\n[http]\nbody_bytes = 2048\n",
                                   {"--listen", "127.0.0.1:2", "--log-allow-lost-tail"});
  EXPECT_EQ(config.listen, "127.0.0.1:2");
  EXPECT_EQ(config.http.body_bytes, 2048U);
  EXPECT_TRUE(config.log.allow_lost_tail);
}

TEST(Configure, a_flag_can_take_back_what_the_file_allows) {
  EXPECT_FALSE(configured("[log]\nallow_lost_tail = true\n", {"--log-allow-lost-tail=false"}).log.allow_lost_tail);
}

TEST(Configure, every_setting_has_a_flag_that_reads_its_printed_value) {
  Config everything = configured(kEverything);
  const ops::SettingsTable table = settings_of(everything);
  for (const ops::Setting& setting : table.settings()) {
    const ops::Value value = setting.get();
    const auto* words = std::get_if<std::string>(&value);
    const std::string word = words != nullptr ? *words : ops::to_toml(value);
    const ConfigFlags flags = typed({ops::flag_of(setting.key) + "=" + word});
    ASSERT_EQ(flags.settings.size(), 1U) << setting.key;
    EXPECT_EQ(flags.settings[0], std::make_pair(setting.key, word));
  }
}

TEST(Configure, printing_and_the_file_have_flags_of_their_own) {
  const ConfigFlags flags = typed({"--config", "x.toml", "--print-config"});
  EXPECT_EQ(flags.file, "x.toml");
  EXPECT_TRUE(flags.print);
}

TEST(Configure, reads_the_file_that_the_flag_names) {
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

TEST(Configure, every_number_refuses_what_lies_beside_its_range) {
  Config config;
  const ops::SettingsTable table = settings_of(config);
  for (const ops::Setting& setting : table.settings()) {
    if (!std::holds_alternative<int64_t>(setting.get())) continue;
    EXPECT_FALSE(setting.set(ops::Value(int64_t{-1})).has_value()) << setting.key;
    EXPECT_FALSE(setting.set(ops::Value(INT64_MAX)).has_value()) << setting.key;
    EXPECT_EQ(print_config(config), print_config(Config())) << setting.key << " was changed by what it refused";
  }
}

// "http.body_bytes From 1024 to 16777216." says so itself.
struct Ends {
  int64_t min = 0;
  int64_t max = 0;
};
Ends ends_of(const ops::Setting& setting) {
  const std::string& help = setting.help;
  const size_t from = help.rfind(" From ");
  const size_t to = help.find(" to ", from);
  return {std::stoll(help.substr(from + 6)), std::stoll(help.substr(to + 4))};
}

TEST(Configure, every_number_takes_both_ends_of_its_range_and_is_not_cut_to_its_type) {
  Config config;
  const ops::SettingsTable table = settings_of(config);
  for (const ops::Setting& setting : table.settings()) {
    if (!std::holds_alternative<int64_t>(setting.get())) continue;
    for (const int64_t end : {ends_of(setting).min, ends_of(setting).max}) {
      ASSERT_TRUE(setting.set(ops::Value(end)).has_value()) << setting.key;
      EXPECT_EQ(std::get<int64_t>(setting.get()), end) << setting.key;
    }
  }
}

TEST(Configure, addresses_that_paths_are_put_behind_are_kept_as_browsers_write_them) {
  const auto kept = [](const std::string& base, const std::string& payment) {
    const Config config =
        configure({}, "base_url = \"" + base + "\"\n[payment]\nurl = \"" + payment + "\"\n", "a.toml").value();
    return std::pair(config.base_url, config.sale.payment.url);
  };
  EXPECT_EQ(kept("https://shop.example/", "https://pay.example/v1/"),
            std::pair(std::string("https://shop.example"), std::string("https://pay.example/v1")));
  EXPECT_EQ(kept("HTTPS://Shop.Example:443", "http://pay.example:8090//"),
            std::pair(std::string("https://shop.example"), std::string("http://pay.example:8090")));
  EXPECT_EQ(kept("http://127.0.0.1:8080", "http://[::1]:80"),
            std::pair(std::string("http://127.0.0.1:8080"), std::string("http://[::1]")));
}

TEST(Configure, rings_that_take_most_of_the_memory_are_refused) {
  Config config;
  config.reactors = 256;
  config.sale.ring_commands = 1'048'576;
  const std::vector<std::string> errors = validate(config);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_THAT(errors[0], testing::StartsWith("limits.ring_commands = 1048576 takes "));
}

// Alone, and with each other number at each of its ends: it is refused in a sentence, or the limits that follow from it
// are ones that every part can keep.
TEST(Configure, numbers_at_their_ends_are_refused_or_lead_to_limits_that_work) {
  Config config;
  const ops::SettingsTable table = settings_of(config);
  std::vector<std::pair<const ops::Setting*, int64_t>> ends;
  for (const ops::Setting& setting : table.settings()) {
    if (!std::holds_alternative<int64_t>(setting.get())) continue;
    ends.emplace_back(&setting, ends_of(setting).min);
    ends.emplace_back(&setting, ends_of(setting).max);
  }
  size_t accepted = 0;
  for (const auto& [one, one_end] : ends) {
    for (const auto& [other, other_end] : ends) {
      const ops::Value one_before = one->get();
      const ops::Value other_before = other->get();
      ASSERT_TRUE(one->set(one_end) && other->set(other_end));
      const std::vector<std::string> errors = validate(config);
      const Limits limits = limits_of(config, {.cores = 2});
      const bool works = net::check(limits.http) && std::has_single_bit(limits.ring_commands) &&
                         uint64_t{limits.sale.holds} + limits.sale.entries + limits.sale.sales < UINT32_MAX;
      EXPECT_TRUE(works || !errors.empty()) << one->key << " " << one_end << ", " << other->key << " " << other_end;
      accepted += errors.empty() ? 1 : 0;
      ASSERT_TRUE(other->set(other_before) && one->set(one_before));
    }
  }
  EXPECT_GT(accepted, ends.size() * ends.size() / 2);
}

}  // namespace
}  // namespace doorbuster::app
