// Every message that somebody with a wrong configuration can get.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/config_test_helpers.h"

namespace doorbuster::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ConfigErrors, an_unknown_setting_is_named_with_its_line_and_the_one_that_was_meant) {
  EXPECT_EQ(problem("\nlissten = \"x\"\n"), "a.toml:2: there is no setting 'lissten'; did you mean listen?");
  EXPECT_EQ(problem("[http]\nbody_byte = 1\n"),
            "a.toml:2: there is no setting 'http.body_byte'; did you mean http.body_bytes?");
  EXPECT_EQ(problem("body_bytes = 1\n"), "a.toml:1: there is no setting 'body_bytes'; did you mean http.body_bytes?");
  EXPECT_EQ(problem("colour = 1\n"),
            "a.toml:1: there is no setting 'colour'; `doorbuster serve --print-config` shows all of them");
  EXPECT_THAT(problem("[htp]\nx = 1\n"), StartsWith("a.toml:1: there is no setting 'htp'"));
}

TEST(ConfigErrors, all_of_them_are_listed_at_once) {
  EXPECT_EQ(problem("lissten = 1\n[http]\nbody_bytes = 1\n", {"--threads-reactors", "x"}),
            "a.toml:3: http.body_bytes is 1: choose from 1024 to 16777216\n"
            "a.toml:1: there is no setting 'lissten'; did you mean listen?\n"
            "--threads-reactors must be a whole number, not 'x'");
}

TEST(ConfigErrors, a_number_out_of_its_range_is_told_the_range) {
  EXPECT_EQ(problem("[threads]\nreactors = 257\n"), "a.toml:2: threads.reactors is 257: choose from 0 to 256");
  EXPECT_EQ(problem("", {"--threads-reactors", "-1"}), "--threads-reactors is -1: choose from 0 to 256");
}

TEST(ConfigErrors, a_value_of_the_wrong_shape_is_told_the_right_one) {
  EXPECT_EQ(problem("listen = 8080\n"), "a.toml:1: listen must be a text in quotes");
  EXPECT_EQ(problem("[threads]\nreactors = \"2\"\n"), "a.toml:2: threads.reactors must be a whole number");
  EXPECT_EQ(problem("[threads]\nreactors = 2.0\n"), "a.toml:2: threads.reactors must be a whole number");
  EXPECT_EQ(problem("[log]\nallow_lost_tail = 1\n"), "a.toml:2: log.allow_lost_tail must be true or false");
  EXPECT_EQ(problem("", {"--limits-sales", "many"}), "--limits-sales must be a whole number, not 'many'");
  EXPECT_EQ(problem("", {"--limits-sales", "99999999999999999999"}),
            "--limits-sales must be a whole number, not '99999999999999999999'");
}

TEST(ConfigErrors, a_word_that_is_no_choice_is_told_the_choices) {
  EXPECT_EQ(problem("[log]\nstore = \"disk\"\n"), "a.toml:2: log.store is \"disk\": choose \"rocksdb\" or \"memory\"");
  EXPECT_EQ(problem("[log_output]\nlevel = \"loud\"\n"),
            "a.toml:2: log_output.level is \"loud\": choose \"debug\", \"info\", \"warning\" or \"error\"");
}

TEST(ConfigErrors, texts_are_told_what_they_must_be) {
  EXPECT_THAT(problem("listen = \"here\"\n"), StartsWith("a.toml:1: listen is not an address to listen on: "));
  EXPECT_EQ(problem("data = \"\"\n"), "a.toml:1: data must not be empty");
  EXPECT_THAT(problem("data = \"a\\u0000b\"\n"), HasSubstr("data holds a control character: take it out"));
  EXPECT_THAT(problem("data = \"" + std::string(5'000, 'x') + "\"\n"),
              HasSubstr("data is longer than 4096 bytes: shorten it"));
  EXPECT_EQ(problem("", {"--data", "a\xFF"}), "--data is not UTF-8: save it in that encoding");
  EXPECT_THAT(problem("base_url = \"drop.example\"\n"), HasSubstr("base_url must be an address such as"));
  for (const char* path : {"/shop", "/shop/", "//"}) {
    EXPECT_THAT(problem("base_url = \"https://drop.example" + std::string(path) + "\"\n"),
                HasSubstr("base_url must be scheme and host only, such as \"https://shop.example\""));
  }
  EXPECT_THAT(problem("base_url = \"https://drop.example?a=b\"\n"), HasSubstr("without a '?'"));
  EXPECT_THAT(problem("[payment]\nurl = \"https://pay.example/v1?key=x\"\n"), HasSubstr("without a '?'"));
  EXPECT_THAT(problem("base_url = \"ftp://drop.example\"\n"), HasSubstr("base_url must be an address such as"));
  EXPECT_THAT(problem("base_url = \"https://a:b@drop.example\"\n"), HasSubstr("base_url must be an address such as"));
  EXPECT_THAT(problem("[payment]\nsecret = \"short\"\n"), HasSubstr("payment.secret must have at least 32 characters"));
}

TEST(ConfigErrors, addresses_to_go_back_to_are_checked_one_by_one) {
  const std::string good = "[admissions]\nreturn_to = [\"https://shop.example/\"";
  EXPECT_EQ(problem(good + "]\n"), "");
  EXPECT_EQ(problem("", {"--admissions-return-to", "https://shop.example/,https://other.example:8443/in"}), "");
  EXPECT_THAT(problem(good + ", \"https://shop.example/?a\"]\n"),
              HasSubstr("admissions.return_to must end with its path: no '?' and no '#': 'https://shop.example/?a'"));
  EXPECT_THAT(problem("", {"--admissions-return-to", "https://a.example/,shop.example"}),
              HasSubstr("--admissions-return-to must begin with https:// or http://: 'shop.example'"));
}

TEST(ConfigErrors, sections_and_lists_are_told_how_to_begin) {
  EXPECT_EQ(problem("http = 1\n"), "a.toml:1: http is a section: begin it with [http]");
  EXPECT_EQ(problem("webhooks = 1\n"), "a.toml:1: webhooks is a list of sections: begin each with [[webhooks]]");
  EXPECT_EQ(problem("[webhooks]\nurl = \"x\"\n"),
            "a.toml:1: webhooks is a list of sections: begin each with [[webhooks]]");
  std::string many;
  for (int i = 0; i < 33; ++i) many += "[[webhooks]]\n";
  EXPECT_THAT(problem(many), HasSubstr("webhooks has more than 32 sections"));
}

TEST(ConfigErrors, a_webhook_is_told_what_it_needs) {
  EXPECT_EQ(problem("[[webhooks]]\n"), "a.toml:1: webhooks needs url\na.toml:1: webhooks needs secret");
  EXPECT_THAT(problem("[[webhooks]]\nulr = \"x\"\n"),
              HasSubstr("a.toml:2: webhooks has no setting 'ulr'; did you mean url?"));
  EXPECT_THAT(problem("[[webhooks]]\ncolour = 1\n"),
              HasSubstr("no setting 'colour'; it has url, secret, events, id, in_flight, batch"));
  EXPECT_THAT(problem("[[webhooks]]\nsecret = \"abc\"\n"),
              HasSubstr("webhooks.secret must be \"whsec_\" and the base64"));
  EXPECT_THAT(problem("[[webhooks]]\nevents = [1]\n"), HasSubstr("webhooks.events must be a list of strings"));
  EXPECT_THAT(problem("[[webhooks]]\nevents = [\"Paid!\"]\n"),
              HasSubstr("webhooks.events must name events such as \"order.paid\""));
  EXPECT_THAT(problem("[[webhooks]]\nid = \"a/b\"\n"), HasSubstr("webhooks.id must be 1 to 64 letters"));
  EXPECT_THAT(problem("[[webhooks]]\nin_flight = 0\n"), HasSubstr("webhooks.in_flight is 0: choose from 1 to 256"));
}

TEST(ConfigErrors, what_is_no_toml_is_told_where) {
  EXPECT_THAT(problem("listen = \n"), StartsWith("a.toml:1: this is not TOML: "));
  EXPECT_THAT(problem("a = 1\na = 2\n"), StartsWith("a.toml:2: this is not TOML: "));
  EXPECT_EQ(problem(std::string(1'048'577, '#')), "a.toml: is larger than 1 MiB; is it the right file?");
}

TEST(ConfigErrors, memory_has_to_be_meant) {
  EXPECT_THAT(problem("[log]\nstore = \"memory\"\n"), HasSubstr("set log.accept_losing_everything = true"));
  EXPECT_EQ(problem("[log]\nstore = \"memory\"\n", {"--log-accept-losing-everything"}), "");
}

TEST(ConfigErrors, settings_that_contradict_each_other_are_told_which_to_change) {
  EXPECT_EQ(problem("admin_listen = \"127.0.0.1:8080\"\n"),
            "admin_listen is the same as listen: leave it empty, or choose another port");
  EXPECT_THAT(problem("[payment]\nadapter = \"http\"\n"),
              StartsWith("payment.secret must be set with payment.adapter"));
  EXPECT_EQ(problem("[limits]\nring_commands = 1000\n"),
            "limits.ring_commands is 1000: choose a power of two, for example 1024");
  EXPECT_THAT(problem("[limits]\nholds = 1000000000\nentries = 1000000000\n"), testing::IsEmpty());
  EXPECT_EQ(problem("[http]\nmax_connections = 100\n"),
            "http.connections_per_address is larger than http.max_connections: lower it, or raise the other");
  EXPECT_THAT(problem("[http]\nbody_bytes = 16777216\nbuffer_bytes = 1048576\n"),
              StartsWith("[http] limit buffer_bytes is"));
}

TEST(ConfigErrors, keys_and_webhooks_are_there_once) {
  const std::string key = "[[customers.shop_keys]]\nid = \"a\"\nsecret = \"0123456789abcdef0123456789abcdef\"\n";
  EXPECT_THAT(problem(key + key), HasSubstr("customers.shop_keys \"a\" is there twice"));
  EXPECT_THAT(problem("[[customers.shop_keys]]\nid = \"a\"\n"),
              HasSubstr("needs either a secret (HS256) or a public_key (EdDSA)"));
  EXPECT_THAT(problem("[[customers.shop_keys]]\nid = \"a b\"\n"),
              HasSubstr("customers.shop_keys.id must be 1 to 64 letters"));
  const std::string hook =
      "[[webhooks]]\nurl = \"http://a.example/\"\nsecret = \"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\"\n";
  EXPECT_THAT(problem(hook + hook), HasSubstr("webhooks \"http://a.example/\" is there twice"));
  const std::string named = "id = \"till\"\nsecret = \"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\"\n";
  EXPECT_THAT(problem("[[webhooks]]\nurl = \"http://a.example/\"\n" + named +
                      "[[webhooks]]\nurl = \"http://b.example/\"\n" + named),
              HasSubstr("webhooks with the id \"till\" are there twice"));
}

}  // namespace
}  // namespace doorbuster::app
