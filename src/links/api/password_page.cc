#include "links/api/password_page.h"

#include <array>

#include "links/api/password_worker.h"
#include "net/problem.h"
#include "net/text.h"
#include "platform/api/plain_page.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

constexpr std::string_view kPasswordNeeded = "This link has a password";
constexpr std::string_view kPasswordWrong = "That is not the password";
constexpr std::string_view kHowToSend = "Send it as `password` in a form (POST, application/x-www-form-urlencoded).";

// Sent to where the page is, with the query that it has.
std::string password_form(std::string_view referrer) {
  std::string html = R"(Whoever gave you the link knows it.</p><form method="post"><p class="field">)"
                     R"(<label for="password">Password</label> <input id="password" name="password" type="password")"
                     R"( required maxlength="256" autocomplete="off" autofocus></p><input type="hidden" name="from")"
                     R"( value=")";
  html += platform::html_escaped(referrer.substr(0, kPasswordBytesMax));
  return html + R"("><p class="buttons"><button class="main">Go on</button></p></form><p class="quiet">It is sent to )"
                R"(this server only.)";
}

}  // namespace

std::optional<std::string> form_value(std::string_view body, std::string_view name) {
  const auto encoded = net::query_value(body, name);
  if (!encoded) return std::nullopt;
  std::array<char, kPasswordBytesMax> decoded;
  const auto value = net::percent_decode(*encoded, decoded, net::PlusSign::kSpace);
  return value && value->size() <= kPasswordBytesMax ? std::optional<std::string>(*value) : std::nullopt;
}

void respond_password_needed(const platform::Call& call) {
  if (platform::wants_page(call)) {
    return platform::respond_page(call.exchange, net::Status::kOk, kPasswordNeeded,
                                  password_form(call.request.header(net::Known::kReferer)),
                                  {{"X-Robots-Tag", "noindex"}});
  }
  platform::respond_problem(call.exchange, call.request.path(), net::Status::kForbidden, "password-needed",
                            kPasswordNeeded, kHowToSend);
}

void respond_password_wrong(net::Exchange& exchange, std::string_view path, bool as_page, std::string_view referrer) {
  if (as_page) {
    return platform::respond_page(exchange, net::Status::kForbidden, kPasswordWrong, password_form(referrer),
                                  {{"X-Robots-Tag", "noindex"}});
  }
  platform::respond_problem(exchange, path, net::Status::kForbidden, "password-wrong", kPasswordWrong, kHowToSend);
}

void respond_too_many_guesses(net::Exchange& exchange, std::string_view path, bool as_page) {
  constexpr std::string_view kTitle = "Too many wrong passwords";
  constexpr std::string_view kDetail = "Too many came from your network lately. Wait some seconds, and try again.";
  const std::string seconds = std::to_string(PasswordWorker::kAGuess.whole_seconds());
  if (as_page) {
    return platform::respond_page(exchange, net::Status::kTooManyRequests, kTitle, kDetail, {{"Retry-After", seconds}});
  }
  net::respond(exchange,
               {.status = net::Status::kTooManyRequests,
                .slug = "too-many-wrong-passwords",
                .title = kTitle,
                .detail = kDetail,
                .instance = path,
                .members = {}},
               {{"Retry-After", seconds}, {"Cache-Control", "no-store"}});
}

}  // namespace doorbuster::links
