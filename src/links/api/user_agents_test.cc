#include "links/api/user_agents.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "links/api/rule_list.h"

namespace doorbuster::links {
namespace {

const UserAgents& agents() {
  static const UserAgents kAgents;
  return kAgents;
}

struct Known {
  std::string_view text;
  Browser browser;
  System system;
  DeviceClass device;
};

// As the browsers' makers publish them, or as they were seen.
constexpr auto kPeople = std::to_array<Known>({
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
     Browser::kChrome, System::kWindows, DeviceClass::kDesktop},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
     "Safari/537.36",
     Browser::kChrome, System::kMacos, DeviceClass::kDesktop},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
     Browser::kChrome, System::kChromeOs, DeviceClass::kDesktop},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
     Browser::kChrome, System::kAndroid, DeviceClass::kPhone},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
     Browser::kChrome, System::kAndroid, DeviceClass::kTablet},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1",
     Browser::kChrome, System::kIos, DeviceClass::kPhone},
    {"Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Version/4.0 Chrome/140.0.7339.51 Mobile Safari/537.36",
     Browser::kChrome, System::kAndroid, DeviceClass::kPhone},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
     "Safari/605.1.15",
     Browser::kSafari, System::kMacos, DeviceClass::kDesktop},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
     "Mobile/15E148 Safari/604.1",
     Browser::kSafari, System::kIos, DeviceClass::kPhone},
    {"Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 "
     "Mobile/15E148 Safari/604.1",
     Browser::kSafari, System::kIos, DeviceClass::kTablet},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", Browser::kFirefox, System::kLinux,
     DeviceClass::kDesktop},
    {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", Browser::kFirefox,
     System::kLinux, DeviceClass::kDesktop},
    {"Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0", Browser::kFirefox, System::kAndroid,
     DeviceClass::kPhone},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
     "Edg/140.0.0.0",
     Browser::kEdge, System::kWindows, DeviceClass::kDesktop},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 "
     "Mobile Safari/537.36",
     Browser::kSamsungInternet, System::kAndroid, DeviceClass::kPhone},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 "
     "OPR/124.0.0.0",
     Browser::kOpera, System::kWindows, DeviceClass::kDesktop},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
     "YaBrowser/25.8.0.0 Safari/537.36",
     Browser::kYandex, System::kWindows, DeviceClass::kDesktop},
    {"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", Browser::kInternetExplorer,
     System::kWindows, DeviceClass::kDesktop},
    {"Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/130.3.1 like Chrome/130.0 "
     "Safari/537.36",
     Browser::kSilk, System::kAndroid, DeviceClass::kTablet},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22F76 "
     "[FBAN/FBIOS;FBAV/515.0.0.41.90;FBBV/736500002;FBDV/iPhone15,3;FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3;FBCR/;"
     "FBID/phone;FBLC/en_US;FBOP/5]",
     Browser::kFacebook, System::kIos, DeviceClass::kPhone},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
     "Instagram 384.0.0.24.87 (iPhone15,3; iOS 18_5; en_US; en; scale=3.00; 1290x2796; 738351218)",
     Browser::kInstagram, System::kIos, DeviceClass::kPhone},
});

constexpr auto kProgramsKnown = std::to_array<std::string_view>({
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.7339.80 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "Mozilla/5.0 (compatible; archive.org_bot +http://www.archive.org/details/archive.org_bot)",
    "Screaming Frog SEO Spider/19.4",
    "InternetArchive/0.8-dev (Heritrix)",
    "masscan/1.3 (https://github.com/robertdavidgraham/masscan)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0 A",
    "curl/8.14.1",
    "python-requests/2.32.3",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
});

TEST(UserAgents, know_the_browsers_of_people) {
  for (const Known& known : kPeople) {
    const UserAgent seen = agents().read(known.text);
    EXPECT_EQ(seen.visitor, Visitor::kPerson) << known.text;
    EXPECT_EQ(kBrowserNames[static_cast<size_t>(seen.browser)], kBrowserNames[static_cast<size_t>(known.browser)])
        << known.text;
    EXPECT_EQ(kSystemNames[static_cast<size_t>(seen.system)], kSystemNames[static_cast<size_t>(known.system)])
        << known.text;
    EXPECT_EQ(kDeviceClassNames[static_cast<size_t>(seen.device)], kDeviceClassNames[static_cast<size_t>(known.device)])
        << known.text;
  }
}

TEST(UserAgents, know_programs_that_say_so) {
  for (const std::string_view text : kProgramsKnown) {
    const UserAgent seen = agents().read(text);
    EXPECT_EQ(seen.visitor, Visitor::kBot) << text;
    EXPECT_EQ(seen.browser, Browser::kProgram) << text;
    EXPECT_EQ(seen.device, DeviceClass::kTool) << text;
  }
  EXPECT_EQ(agents().read(""), UserAgent()) << "who says nothing is a program of which nothing is known";
  const UserAgent strange = agents().read("Strange/1.0");
  EXPECT_EQ(strange.visitor, Visitor::kPerson);
  EXPECT_EQ(strange.browser, Browser::kOther);
}

TEST(UserAgents, read_any_text) {
  std::string text;
  for (int i = 0; i < 2'000; ++i) text.push_back(static_cast<char>(1 + i * 7 % 255));
  for (size_t size = 0; size < text.size(); size += 13) (void)agents().read(std::string_view(text).substr(0, size));
  text.assign(UserAgents::kBytesMax, ' ');
  EXPECT_EQ(agents().read(text.append("Firefox/150.0")).browser, Browser::kOther);
}

// uap-core's own examples: user agents, and the names that its rules are to give. Each in quotes, on a line of its own.
struct Example {
  std::string text;
  std::string name;
};

std::string in_quotes(const std::string& line, size_t from) {
  std::string inside = line.substr(std::min(from, line.size()));
  if (inside.size() < 2 || inside.front() != '\'' || inside.back() != '\'') return {};
  inside = inside.substr(1, inside.size() - 2);
  for (size_t at = inside.find("''"); at != std::string::npos; at = inside.find("''", at + 1)) inside.erase(at, 1);
  return inside;
}

std::vector<Example> examples_of(const std::string& file) {
  constexpr std::string_view kText = "  - user_agent_string: ";
  constexpr std::string_view kName = "    family: ";
  std::ifstream in(std::filesystem::path(USER_AGENT_TESTS) / file);
  std::vector<Example> examples;
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kText)) text = in_quotes(line, kText.size());
    if (!line.starts_with(kName)) continue;
    const std::string name = in_quotes(line, kName.size());
    if (!text.empty() && !name.empty()) examples.push_back({text, name});
  }
  return examples;
}

void expect_names(const RuleList& rules, const std::string& file, size_t count_min) {
  const std::vector<Example> examples = examples_of(file);
  EXPECT_GE(examples.size(), count_min) << file;
  size_t number = 0;
  for (const Example& example : examples) {
    EXPECT_EQ(rules.name_of(example.text).value_or("Other"), example.name) << example.text;
    if (number++ % 16 > 0) continue;  // to try all takes a hundred times as long
    EXPECT_EQ(rules.name_by_trying_all(example.text), rules.name_of(example.text));
  }
}

TEST(RuleList, gives_the_names_of_uap_cores_own_examples) {
  expect_names(RuleList(browser_rules()), "test_ua.yaml", 1'300);
  expect_names(RuleList(system_rules()), "test_os.yaml", 400);
}

TEST(RuleList, takes_the_first_rule_that_matches_and_fills_in_what_it_found) {
  constexpr auto kRules = std::to_array<UserAgentRule>(
      {{"Alpha/(\\d+)", "The $1st"}, {"(?i)(alpha|beta)", ""}, {"x", "without a word to look for"}, {"Beta", "never"}});
  const RuleList rules(kRules);
  EXPECT_EQ(rules.name_of("Alpha/1"), "The 1st");
  EXPECT_EQ(rules.name_of("ALPHA/1"), "ALPHA");
  EXPECT_EQ(rules.name_of("a Beta"), "Beta");
  EXPECT_EQ(rules.name_of("x"), "without a word to look for");
  EXPECT_EQ(rules.name_of("Gamma"), std::nullopt);
  EXPECT_EQ(rules.name_of(""), std::nullopt);
}

}  // namespace
}  // namespace doorbuster::links
