#include "links/api/robots.h"

#include "base/file.h"

namespace doorbuster::links {
namespace {

// RFC 9309, section 2.5: at least so much is read.
constexpr size_t kRobotsBytesMax = 500 * 1'024;

// The pages may be found. Short links, their previews and QR codes, and the API are no content of their own: where a
// link leads, a crawler hears from the page that shows it.
constexpr std::string_view kRobotsUsual =
    "User-agent: *\n"
    "Allow: /$\n"
    "Allow: /s/\n"
    "Allow: /assets/\n"
    "Disallow: /\n";

Result<std::string> robots_at(const std::string& path) {
  if (path.empty()) return std::string(kRobotsUsual);
  auto text = read_file(path, kRobotsBytesMax);
  if (text) return text;
  return fail(ErrorCode::kInvalid, "links.robots: '" + path + "' can't be used: " + text.error().message);
}

}  // namespace

Robots::Robots(const std::string& path) : text_(robots_at(path)) {}

Result<void> Robots::check() const { return text_ ? Result<void>() : tl::unexpected(text_.error()); }

std::string_view Robots::text() const { return text_ ? std::string_view(*text_) : kRobotsUsual; }

void show_robots(const platform::Call& call, const Robots& robots) {
  call.exchange.respond(net::Response{.content_type = "text/plain; charset=utf-8",
                                      .body = robots.text(),
                                      .headers = {{"Cache-Control", "public, max-age=3600"}}});
}

}  // namespace doorbuster::links
