#include "links/abuse/take_downs.h"

#include <algorithm>
#include <utility>

#include "net/authority.h"

namespace doorbuster::links {

std::string_view host_of(std::string_view long_url) {
  std::string_view host = net::host_in(net::authority_of(long_url));
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

TakeDownPage::TakeDownPage(std::vector<TakeDown> all) : all_(std::move(all)) {
  for (const TakeDown& take_down : all_)
    (take_down.of == TakeDownOf::kLink ? codes_ : domains_).emplace(take_down.target, &take_down);
}

const TakeDown* TakeDownPage::of_code(std::string_view code) const {
  const auto found = codes_.find(code);
  return found == codes_.end() ? nullptr : found->second;
}

const TakeDown* TakeDownPage::of_host(std::string_view host) const {
  if (domains_.empty()) return nullptr;
  for (;;) {
    const auto found = domains_.find(host);
    if (found != domains_.end()) return found->second;
    const size_t dot = host.find('.');
    if (dot == std::string_view::npos) return nullptr;
    host.remove_prefix(dot + 1);
  }
}

const TakeDown* TakeDownPage::of_id(uint64_t id) const {
  const auto found = std::ranges::lower_bound(all_, id, {}, &TakeDown::id);
  return found == all_.end() || found->id != id ? nullptr : &*found;
}

bool TakeDownPage::has(TakeDownOf of, std::string_view target) const {
  return (of == TakeDownOf::kLink ? codes_ : domains_).contains(target);
}

std::shared_ptr<const TakeDownPage> TakeDowns::page() const {
  const std::lock_guard lock(mutex_);
  return page_;
}

void TakeDowns::set(std::vector<TakeDown> all) {
  auto page = std::make_shared<const TakeDownPage>(std::move(all));
  const std::lock_guard lock(mutex_);
  page_.swap(page);
}

}  // namespace doorbuster::links
