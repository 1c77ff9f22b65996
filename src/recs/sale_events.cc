#include "recs/sale_events.h"

#include <chrono>
#include <thread>

#include "base/json.h"

namespace doorbuster::recs {
namespace {

constexpr std::string_view kSales = "/api/v1/sales/";
constexpr int kTries = 20;
constexpr auto kBetweenTries = std::chrono::milliseconds(100);

// A member of the event's data; empty if there is none.
std::string member_of(const platform::Delivery& delivery, std::string_view name) {
  JsonDocument document(delivery.json);
  const JsonValue value = document.root().optional(name);
  return value.present() && value.is_string() ? std::string(value.string()) : std::string();
}

}  // namespace

void SaleEvents::hear(const platform::Delivery& delivery) {
  if (!delivery.resource.starts_with(kSales)) return;
  const std::string sale = delivery.resource.substr(kSales.size());
  if (!sale.empty() && delivery.type.starts_with("sale.")) {
    if (delivery.type == "sale.opened") return set_stock(sale, true);
    if (delivery.type == "sale.all_sold" || delivery.type == "sale.closed") return set_stock(sale, false);
    return;
  }
  if (delivery.type == "hold.created") {
    const NameHash user = Names::customer(member_of(delivery, "customer"));
    remember(member_of(delivery, "hold"), user);
    return add_row(delivery, sale, EventKind::kCart, user);
  }
  const bool is_paid = delivery.type == "order.paid";
  if (!is_paid && delivery.type != "order.refunded") return;
  const auto holder = holders_.find(member_of(delivery, "hold"));
  if (holder == holders_.end()) return;
  add_row(delivery, sale, is_paid ? EventKind::kPurchase : EventKind::kCancel, holder->second);
}

void SaleEvents::remember(const std::string& hold, const NameHash& user) {
  if (hold.empty() || user.is_none() || !holders_.insert_or_assign(hold, user).second) return;
  holds_.push_back(hold);
  if (holds_.size() <= kHoldsMax) return;
  holders_.erase(holds_.front());
  holds_.pop_front();
}

void SaleEvents::add_row(const platform::Delivery& delivery, const std::string& sale, EventKind kind,
                         const NameHash& user) {
  if (user.is_none()) return;
  RecordEvents* last = to_tell_.empty() ? nullptr : std::get_if<RecordEvents>(&to_tell_.back());
  if (last == nullptr || last->rows.size() == kRowsMax) last = &std::get<RecordEvents>(to_tell_.emplace_back());
  const std::string item = ports_.item_of(sale);
  last->rows.push_back({.kind = kind,
                        .item = names_.item(item),
                        .item_name = item,
                        .user = user,
                        .at = delivery.at,
                        .id_hash = names_.event("sale " + delivery.id)});
}

void SaleEvents::set_stock(const std::string& sale, bool in_stock) {
  const std::string item = ports_.item_of(sale);
  to_tell_.emplace_back(SetStock{.item = names_.item(item), .name = item, .in_stock = in_stock});
}

// A log that fails for longer is heard again after a start.
void SaleEvents::end_turn() {
  for (int tries = 0; tries < kTries; ++tries) {
    const auto told = tell();
    if (told) return;
    if (tries == 0) ports_.on_trouble("what the sale tells can't be counted: " + told.error().message);
    std::this_thread::sleep_for(kBetweenTries);
  }
}

Result<void> SaleEvents::tell() {
  while (!to_tell_.empty()) {
    TRY(line_.ask(RecsMachine::Command(to_tell_.front())));
    to_tell_.pop_front();
  }
  return {};
}

Result<void> SaleEvents::save(platform::StateWriter& out) const {
  if (!to_tell_.empty()) return fail(ErrorCode::kUnavailable, "some of what the sale has told is not in the log yet");
  constexpr size_t kPartMax = size_t{1} << 20;
  std::vector<std::byte> part;
  for (const std::string& hold : holds_) {
    const auto holder = holders_.find(hold);
    if (holder == holders_.end()) continue;
    ByteWriter writer(part);
    writer.text(hold);
    writer.integer(holder->second.high);
    writer.integer(holder->second.low);
    if (part.size() < kPartMax) continue;
    TRY(out.add(part));
    part.clear();
  }
  return part.empty() ? Result<void>() : out.add(part);
}

Result<void> SaleEvents::load(platform::StateReader& in) {
  std::vector<std::byte> part;
  while (TRY(in.next(part))) {
    ByteReader reader(part);
    while (reader.ok() && reader.left() > 0) {
      const std::string hold(reader.text());
      NameHash user;
      user.high = reader.integer<uint64_t>();
      user.low = reader.integer<uint64_t>();
      if (reader.ok()) remember(hold, user);
    }
    if (!reader.finished()) return fail(ErrorCode::kCorrupt, "who has the holds of sales can't be read");
  }
  return {};
}

void SaleEvents::clear() {
  holders_.clear();
  holds_.clear();
  to_tell_.clear();
}

}  // namespace doorbuster::recs
