#include "links/api/block_answers.h"

#include <string>

#include "links/api/long_url.h"
#include "net/problem.h"
#include "platform/api/plain_page.h"
#include "platform/api/problems.h"

namespace doorbuster::links {
namespace {

using platform::html_escaped;

constexpr std::string_view kTakenDown = "This link was taken down";
constexpr std::string_view kNobodyIsSentOn = "Nobody is sent on by it any more.";

constexpr std::string_view kUnsafe = "This link is not safe to follow";
constexpr std::string_view kListedWords =
    "It leads to an address that a list of dangerous ones names, so nobody is sent on by it.";

// An address as something to follow, and all else as text.
std::string notice_as_html(const std::string& notice) {
  const std::string text = html_escaped(notice);
  return parse_long_url(notice) ? "<a rel=\"noreferrer nofollow\" href=\"" + text + "\">" + text + "</a>" : text;
}

}  // namespace

void respond_blocked(net::Exchange& exchange, std::string_view path, bool as_page, const Block& block,
                     std::string_view base) {
  if (block.kind == Block::Kind::kUnsafe) {
    if (as_page) return platform::respond_page(exchange, net::Status::kForbidden, kUnsafe, kListedWords);
    return platform::respond_problem(exchange, path, net::Status::kForbidden, "link-unsafe", kUnsafe, kListedWords);
  }
  const std::string blocked_by = "<" + std::string(base) + ">; rel=\"blocked-by\"";  // RFC 7725, section 4
  if (as_page) {
    std::string html(kNobodyIsSentOn);
    if (!block.notice.empty()) html += "</p><p>" + notice_as_html(block.notice);
    return platform::respond_page(exchange, net::Status::kUnavailableForLegalReasons, kTakenDown, html,
                                  {{"Link", blocked_by}});
  }
  const std::string detail = std::string(kNobodyIsSentOn) + (block.notice.empty() ? "" : " " + block.notice);
  net::respond(exchange,
               {.status = net::Status::kUnavailableForLegalReasons,
                .slug = "taken-down",
                .title = kTakenDown,
                .detail = detail,
                .instance = path,
                .members = {}},
               net::HeaderList{{"Cache-Control", "no-store"}, {"Link", blocked_by}});
}

bool may_lead_there(const platform::Call& call, const Blocks& blocks, std::string_view code, const Link& link) {
  const auto block = blocks.of(code, link);
  if (!block) return true;
  platform::respond_problem(call.exchange, call.request.path(), net::Status::kForbidden, "destination-refused",
                            "No link may lead there",
                            "The link " + block->what + ": nothing was done. If that is a mistake, tell an operator.");
  return false;
}

}  // namespace doorbuster::links
