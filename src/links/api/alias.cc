#include "links/api/alias.h"

#include <algorithm>
#include <array>
#include <string>

#include "net/small_letters.h"

namespace doorbuster::links {
namespace {

// What the server has at its root, what browsers and crawlers look for there, and what would mislead.
constexpr std::array<std::string_view, 25> kReserved = {
    "admin", "admissions", "api",    "app",   "assets", "demo-shop", "docs",     "favicon", "health",
    "help",  "icon",       "livez",  "login", "logout", "metrics",   "operator", "orders",  "pay",
    "q",     "readyz",     "robots", "s",     "sales",  "sitemap",   "static"};

bool is_code_character(char c) { return net::is_alphanumeric(c) || c == '-' || c == '_'; }

}  // namespace

bool is_reserved(std::string_view path_segment) {
  const std::string name = net::in_small_letters(path_segment.substr(0, path_segment.find('.')));  // robots.txt
  return path_segment.empty() || path_segment.front() == '.' || std::ranges::binary_search(kReserved, name);
}

bool has_form_of_code(std::string_view code) {
  return !code.empty() && code.size() <= kAliasBytesMax && std::ranges::all_of(code, is_code_character);
}

Result<void> check_alias(std::string_view alias) {
  if (alias.size() < kAliasBytesMin || !has_form_of_code(alias) || !net::is_alphanumeric(alias.front()))
    return fail(ErrorCode::kInvalid,
                "must be " + std::to_string(kAliasBytesMin) + " to " + std::to_string(kAliasBytesMax) +
                    " letters of A-Z and a-z, digits, '-' and '_', beginning with a letter or a digit");
  if (is_reserved(alias)) return fail(ErrorCode::kInvalid, "must be another word: the server uses this one itself");
  return {};
}

Result<void> check_imported_code(std::string_view code) {
  if (!has_form_of_code(code)) {
    return fail(ErrorCode::kInvalid,
                "must be 1 to " + std::to_string(kAliasBytesMax) + " letters of A-Z and a-z, digits, '-' and '_'");
  }
  if (is_reserved(code)) return fail(ErrorCode::kInvalid, "must be another word: the server uses this one itself");
  return {};
}

}  // namespace doorbuster::links
