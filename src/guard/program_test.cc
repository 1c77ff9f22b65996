#include "guard/program.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace doorbuster::guard {
namespace {

using Fields = std::vector<net::Field>;

constexpr std::string_view kChromeAgent =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
constexpr std::string_view kPhoneAgent =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
constexpr std::string_view kFirefoxAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
constexpr std::string_view kSafariAgent =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 "
    "Mobile/15E148 Safari/604.1";
constexpr std::string_view kBrands = "\"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\", \"Google Chrome\";v=\"131\"";

Fields of_chrome() {
  return {{"Host", "drop.example"},           {"sec-ch-ua-platform", "\"Windows\""},
          {"User-Agent", kChromeAgent},       {"sec-ch-ua", kBrands},
          {"sec-ch-ua-mobile", "?0"},         {"Accept", "*/*"},
          {"Origin", "https://drop.example"}, {"Sec-Fetch-Site", "same-origin"},
          {"Accept-Encoding", "gzip, br"},    {"Accept-Language", "de-DE,de;q=0.9"}};
}
Fields of_firefox() {
  return {{"Host", "drop.example"},
          {"User-Agent", kFirefoxAgent},
          {"Accept", "*/*"},
          {"Accept-Language", "en-US,en;q=0.5"},
          {"Accept-Encoding", "gzip, deflate, br"}};
}

Fields without(Fields fields, std::string_view name) {
  std::erase_if(fields, [&](const net::Field& field) { return field.name == name; });
  return fields;
}
Fields with(Fields fields, std::string_view name, std::string_view value) {
  for (net::Field& field : fields) {
    if (field.name == name) field.value = value;
  }
  return fields;
}

TEST(Program, is_the_browser_that_it_says_it_is) {
  for (const Fields& fields :
       {of_chrome(), of_firefox(), without(without(without(of_chrome(), "sec-ch-ua"), "Origin"), "Sec-Fetch-Site")}) {
    const Program program = program_of(fields);
    EXPECT_TRUE(program.is_browser);
    EXPECT_FALSE(program.contradicts);
    EXPECT_FALSE(program.is_out_of_order);
    EXPECT_EQ(program.device, DeviceClass::kDesktop);
  }
}

TEST(Program, is_told_by_its_device) {
  EXPECT_EQ(program_of(with(of_chrome(), "User-Agent", kPhoneAgent)).device, DeviceClass::kPhone);
  EXPECT_EQ(program_of(with(of_firefox(), "User-Agent", kSafariAgent)).device, DeviceClass::kPhone);
  EXPECT_EQ(program_of(with(of_firefox(), "User-Agent",
                            "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) "
                            "AppleWebKit/605.1.15 Version/16.0 Mobile/1 Safari/604.1"))
                .device,
            DeviceClass::kTablet);
  EXPECT_EQ(program_of(with(of_firefox(), "User-Agent", "curl/7.88.1")).device, DeviceClass::kTool);
  EXPECT_EQ(program_of({}).device, DeviceClass::kUnknown);
}

TEST(Program, that_is_a_tool_or_says_nothing_is_no_browser) {
  for (const std::string_view agent : {"curl/7.88.1", "python-requests/2.31.0", "Go-http-client/1.1", "Mozilla/5.0",
                                       "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                                       "HeadlessChrome/131.0.0.0 Safari/537.36"}) {
    EXPECT_FALSE(program_of(with(of_firefox(), "User-Agent", agent)).is_browser) << agent;
  }
  EXPECT_FALSE(program_of({}).is_browser);
}

TEST(Program, that_takes_no_language_or_encoding_is_no_browser_whatever_it_says) {
  for (const std::string_view name : {"Accept-Language", "Accept-Encoding"}) {
    EXPECT_TRUE(program_of(without(of_chrome(), name)).contradicts) << name;
    EXPECT_TRUE(program_of(without(of_firefox(), name)).contradicts) << name;
  }
}

TEST(Program, has_hints_that_agree_with_its_user_agent) {
  EXPECT_TRUE(program_of(with(of_chrome(), "sec-ch-ua", "\"Chromium\";v=\"120\"")).contradicts);
  EXPECT_TRUE(
      program_of(with(of_chrome(), "sec-ch-ua", "\"Chromium\";v=\"131\", \"HeadlessChrome\";v=\"131\"")).contradicts);
  EXPECT_TRUE(program_of(with(of_chrome(), "sec-ch-ua-platform", "\"Linux\"")).contradicts);
  EXPECT_TRUE(program_of(with(of_chrome(), "sec-ch-ua-mobile", "?1")).contradicts);
  EXPECT_FALSE(program_of(with(of_chrome(), "sec-ch-ua-platform", "\"Fuchsia\"")).contradicts) << "not known";
  EXPECT_TRUE(program_of(with(of_chrome(), "User-Agent", kFirefoxAgent)).contradicts) << "Firefox sends none";
}

TEST(Program, sends_hints_where_its_page_is_secure_and_nowhere_else) {
  const Fields without_hints = without(without(of_chrome(), "sec-ch-ua"), "Sec-Fetch-Site");
  EXPECT_TRUE(program_of(without_hints).contradicts) << "its origin is";
  EXPECT_FALSE(program_of(with(without_hints, "Origin", "http://drop.example")).contradicts);
  EXPECT_TRUE(program_of(without(of_chrome(), "sec-ch-ua")).contradicts) << "Fetch Metadata are for secure pages";
  EXPECT_FALSE(program_of(with(without(of_chrome(), "sec-ch-ua"), "User-Agent",
                               "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/80.0.0.0 "
                               "Safari/537.36"))
                   .contradicts)
      << "too old for them";
}

TEST(Program, sends_its_fields_in_its_own_order) {
  Fields fields = of_firefox();
  std::swap(fields[3], fields[4]);
  EXPECT_TRUE(program_of(fields).is_out_of_order) << "Firefox names languages before encodings";
  EXPECT_FALSE(program_of(with(fields, "User-Agent",
                               "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                               "Chrome/80.0.0.0 Safari/537.36"))
                   .is_out_of_order)
      << "Chromium does not";
  EXPECT_FALSE(program_of(with(fields, "User-Agent", kSafariAgent)).is_out_of_order) << "WebKit has had several";
}

TEST(Program, is_known_whatever_the_case_of_its_fields) {
  Fields fields = of_chrome();
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (net::Field& field : fields) {
    std::string& name = names.emplace_back(field.name);
    for (char& letter : name) letter = static_cast<char>(std::toupper(letter));
    field.name = name;
  }
  const Program program = program_of(fields);
  EXPECT_TRUE(program.is_browser);
  EXPECT_FALSE(program.contradicts);
}

}  // namespace
}  // namespace doorbuster::guard
