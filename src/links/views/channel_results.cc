#include "links/views/channel_results.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/json.h"

namespace doorbuster::links {
namespace {

constexpr std::string_view kSales = "/api/v1/sales/";
constexpr size_t kCodeBytesMax = 64;  // longer words are none

// What an event of that type adds to; null for all others.
uint64_t ChannelResult::* counted_by(std::string_view type) {
  if (type == "entry.created") return &ChannelResult::joins;
  if (type == "hold.created") return &ChannelResult::holds;
  if (type == "order.paid") return &ChannelResult::units;
  return nullptr;
}

// The text of `channel` in the metadata; empty if there is none.
std::string channel_in(const std::string& json) {
  if (json.find("\"channel\"") == std::string::npos) return {};
  JsonDocument document(json);
  const JsonValue metadata = document.root().optional("metadata");
  if (!metadata.present() || metadata.is_null()) return {};
  const JsonValue channel = metadata.object().optional("channel");
  return channel.present() ? std::string(channel.string({.max_bytes = kCodeBytesMax})) : std::string();
}

void write_counted(ByteWriter& out, const ChannelResult& result) {
  out.integer(result.joins);
  out.integer(result.holds);
  out.integer(result.units);
}

ChannelResult read_counted(ByteReader& in) {
  return {.joins = in.integer<uint64_t>(), .holds = in.integer<uint64_t>(), .units = in.integer<uint64_t>()};
}

}  // namespace

// What is counted already is counted from when it was.
void ChannelResults::open(const std::string& sale, Timestamp since) {
  opened_.try_emplace(sale, since);
  sales_.try_emplace(sale, SaleResults{.since = since, .by_channel = {}, .others = {}});
  listens_.store(true, std::memory_order_release);
}

void ChannelResults::hear(const platform::Delivery& delivery) {
  const auto counted = counted_by(delivery.type);
  if (counted == nullptr || !delivery.resource.starts_with(kSales)) return;
  const auto sale = sales_.find(std::string_view(delivery.resource).substr(kSales.size()));
  if (sale == sales_.end() || delivery.at < sale->second.since) return;
  ++(result_for(sale->first, sale->second, delivery.json)->*counted);
}

ChannelResult* ChannelResults::result_for(std::string_view sale, SaleResults& results, const std::string& json) {
  const std::string channel = channel_in(json);
  if (channel.empty()) return &results.others;
  const auto known = results.by_channel.find(channel);
  if (known != results.by_channel.end()) return &known->second;
  if (!is_channel_(sale, channel)) return &results.others;
  return &results.by_channel[channel];
}

const SaleResults* ChannelResults::of(std::string_view sale) const {
  const auto found = sales_.find(sale);
  return found == sales_.end() ? nullptr : &found->second;
}

Result<void> ChannelResults::save(platform::StateWriter& out) const {
  for (const auto& [sale, results] : sales_) {
    std::vector<std::byte> part;
    ByteWriter writer(part);
    writer.text(sale);
    writer.integer(results.since.micros());
    write_counted(writer, results.others);
    writer.integer(static_cast<uint32_t>(results.by_channel.size()));
    for (const auto& [channel, result] : results.by_channel) {
      writer.text(channel);
      write_counted(writer, result);
    }
    TRY(out.add(part));
  }
  return {};
}

Result<void> ChannelResults::load(platform::StateReader& in) {
  std::vector<std::byte> part;
  while (TRY(in.next(part))) {
    ByteReader reader(part);
    const std::string sale(reader.text());
    SaleResults results{.since = Timestamp::from_micros(reader.integer<int64_t>()), .by_channel = {}, .others = {}};
    results.others = read_counted(reader);
    for (auto left = reader.integer<uint32_t>(); left > 0 && reader.ok(); --left) {
      const std::string channel(reader.text());
      results.by_channel[channel] = read_counted(reader);
    }
    if (!reader.finished()) return fail(ErrorCode::kCorrupt, "the saved results of a sale's channels can't be read");
    sales_[sale] = std::move(results);
    listens_.store(true, std::memory_order_release);
  }
  return {};
}

void ChannelResults::clear() {
  sales_.clear();
  for (const auto& [sale, since] : opened_) open(sale, since);
}

}  // namespace doorbuster::links
