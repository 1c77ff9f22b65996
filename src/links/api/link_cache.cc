#include "links/api/link_cache.h"

#include <functional>

namespace doorbuster::links {
namespace {

net::PreparedResponse redirect_to(const Link& link) {
  return net::PreparedResponse(
      net::Response{.status = static_cast<net::Status>(link.redirect_status),
                    .headers = {{"Location", destination_of(link)}, {"Cache-Control", "private, no-cache"}}});
}

}  // namespace

bool LinkCache::is_new_enough(const Known& known) const {
  return known.as_of == (known.is_there ? writer_.changes() : writer_.arrivals());
}

Result<const LinkCache::Known*> LinkCache::find(std::string_view code) {
  std::unique_ptr<Known>& place = places_[std::hash<std::string_view>()(code) % places_.size()];
  if (place == nullptr) place = std::make_unique<Known>();
  Known& known = *place;
  if (known.code == code && is_new_enough(known)) {
    hits_.add();
    return &known;
  }
  misses_.add();
  known.as_of = UINT64_MAX;  // should the store fail
  // Before the look: a change that comes meanwhile makes it old.
  const uint64_t changes = writer_.changes();
  const uint64_t arrivals = writer_.arrivals();
  auto link = TRY(store_.find(code));
  known.code = code;
  known.is_there = link.has_value();
  known.routing = nullptr;  // it points into the link that was there
  known.link = link ? *std::move(link) : Link();
  known.routing = known.is_there ? TRY(Routing::of(known.link)) : nullptr;
  if (known.is_there && known.routing == nullptr) known.redirect = redirect_to(known.link);
  known.as_of = known.is_there ? changes : arrivals;
  return &known;
}

}  // namespace doorbuster::links
