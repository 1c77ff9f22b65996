#include "links/api/link_cache.h"

#include <functional>

namespace doorbuster::links {
namespace {

net::PreparedResponse redirect_to(const Link& link) {
  return net::PreparedResponse(
      net::Response{.status = static_cast<net::Status>(link.redirect_status),
                    .headers = {{"Location", destination_of(link)}, {"Cache-Control", kRedirectCacheControl}}});
}

}  // namespace

bool LinkCache::remembers(std::string_view code) const {
  const size_t hash = std::hash<std::string_view>()(code);
  const Known* const known = places_[hash % places_.size()].get();
  return (known != nullptr && known->code == code) || nobodys_[hash % nobodys_.size()].code == code;
}

Result<const LinkCache::Known*> LinkCache::find(std::string_view code) {
  const size_t hash = std::hash<std::string_view>()(code);
  std::unique_ptr<Known>& place = places_[hash % places_.size()];
  Nobodys& nobodys = nobodys_[hash % nobodys_.size()];
  // Before the look: a change that comes meanwhile makes it old.
  const uint64_t changes = writer_.changes();
  const uint64_t arrivals = writer_.arrivals();
  const bool is_known = place != nullptr && place->code == code && place->as_of == changes;
  if (is_known || (nobodys.code == code && nobodys.as_of == arrivals)) {
    hits_.add();
    return is_known ? place.get() : nullptr;
  }
  misses_.add();
  auto link = TRY(store_.find(code));
  if (!link) {
    nobodys = {.code = std::string(code), .as_of = arrivals};
    return nullptr;
  }
  if (place == nullptr) place = std::make_unique<Known>();
  Known& known = *place;
  known.code = code;
  known.as_of = UINT64_MAX;  // should its rules not be readable
  known.routing = nullptr;   // it points into the link that was there
  known.link = *std::move(link);
  known.routing = TRY(Routing::of(known.link));
  known.block = blocks_.of(code, known.link);
  known.domain = domains_.of(std::string(host_of(known.link.long_url)));
  if (known.routing == nullptr) known.redirect = redirect_to(known.link);
  known.as_of = changes;
  return &known;
}

}  // namespace doorbuster::links
