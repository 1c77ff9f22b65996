#include "links/abuse/blocks.h"

namespace doorbuster::links {

std::optional<Block> Blocks::of(std::string_view code, const Link& link) const {
  const auto page = take_downs_.page();
  if (const TakeDown* const found = page->of_code(code))
    return Block{.what = "has the code of a link that was taken down", .notice = found->notice};
  for (const std::string& destination : destinations_(link)) {
    if (const TakeDown* const found = page->of_host(host_of(destination)))
      return Block{.what = "leads to " + found->target + ", which was taken down", .notice = found->notice};
    // A suspicion is for operators to look at, and keeps nobody.
    if (threats_.find(destination).threat != Threat::kListed) continue;
    return Block{
        .kind = Block::Kind::kUnsafe, .what = "leads to an address that a list of dangerous ones names", .notice = {}};
  }
  return std::nullopt;
}

}  // namespace doorbuster::links
