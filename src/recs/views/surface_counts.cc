#include "recs/views/surface_counts.h"

#include <algorithm>
#include <bit>

#include "base/varint.h"

namespace doorbuster::recs {
namespace {

constexpr int64_t kMicrosADay = int64_t{86'400} * 1'000'000;
constexpr size_t kNameOfDayBytes = 10;

size_t band_of(uint8_t position) {
  const auto band =
      std::ranges::find_if(kPositionBands, [&](const PositionBand& each) { return position <= each.last; });
  return band == kPositionBands.end() ? kPositionBands.size() - 1 : static_cast<size_t>(band - kPositionBands.begin());
}

void save_responses(ByteWriter& out, const Responses& of) {
  write_varint(out, of.impressions);
  write_varint(out, of.clicks);
}

Responses load_responses(ByteReader& in) {
  Responses of;
  of.impressions = read_varint(in);
  of.clicks = read_varint(in);
  return of;
}

void save_number(ByteWriter& out, double number) { out.integer(std::bit_cast<uint64_t>(number)); }
double load_number(ByteReader& in) { return std::bit_cast<double>(in.integer<uint64_t>()); }

}  // namespace

int32_t day_of(Timestamp at) { return static_cast<int32_t>(at.micros() / kMicrosADay); }

std::string name_of_day(int32_t day) {
  return format_rfc3339(Timestamp::from_micros(day * kMicrosADay)).substr(0, kNameOfDayBytes);
}

double weight_of(Policy policy, const ShownAs& shown) {
  if (shown.pool == 0 || shown.propensity <= 0) return 0;
  if (policy == Policy::kLogged) return 1;
  const double wanted = policy == Policy::kGreedy ? (shown.is_best ? 1.0 : 0.0) : 1.0 / shown.pool;
  return wanted / static_cast<double>(shown.propensity);
}

void DayOfSurface::add(const Interaction& row) {
  if (!row.is_attributed()) return unattributed.add(row.kind);
  all.add(row.kind);
  if (row.shown.source < by_source.size()) by_source[row.shown.source].add(row.kind);
  by_position[band_of(row.shown.position)].add(row.kind);
  if (row.shown.pool == 0) return;
  drawn.add(row.kind);
  for (size_t policy = 0; policy < policies.size(); ++policy) {
    const double weight = weight_of(static_cast<Policy>(policy), row.shown);
    if (row.kind == EventKind::kClick)
      policies[policy].add_click(weight);
    else
      policies[policy].add_impression(weight);
  }
}

void DayOfSurface::add(const DayOfSurface& other) {
  all.add(other.all);
  unattributed.add(other.unattributed);
  for (size_t source = 0; source < by_source.size(); ++source) by_source[source].add(other.by_source[source]);
  for (size_t band = 0; band < by_position.size(); ++band) by_position[band].add(other.by_position[band]);
  drawn.add(other.drawn);
  for (size_t policy = 0; policy < policies.size(); ++policy) policies[policy].add(other.policies[policy]);
}

void SurfaceCounts::note(const Interaction& row, int32_t day, const std::function<bool(std::string_view)>& is_put) {
  (row.is_attributed() ? attributed_ : unattributed_).add(row.kind);
  auto place = surfaces_.find(row.surface);
  if (place == surfaces_.end()) {
    const bool is_other = !row.surface.empty() && !is_put(row.surface);
    const bool has_name = !row.surface.empty() && (!is_other || others_ < kOthersMax);
    if (has_name && is_other) ++others_;
    place = surfaces_.try_emplace(std::string(has_name ? row.surface : kAllOthers)).first;
  }
  Days& days = place->second;
  days[day].add(row);
  while (days.begin()->first <= days.rbegin()->first - kDaysKept) days.erase(days.begin());
}

DayOfSurface SurfaceCounts::sum(std::string_view surface, int32_t first, int32_t last) const {
  DayOfSurface sum;
  const auto found = surfaces_.find(surface);
  if (found == surfaces_.end()) return sum;
  const Days& days = found->second;
  for (auto each = days.lower_bound(first); each != days.end() && each->first <= last; ++each) sum.add(each->second);
  return sum;
}

size_t SurfaceCounts::bytes() const {
  constexpr size_t kNodeBytes = 48;
  size_t all = 0;
  for (const auto& [name, days] : surfaces_) all += name.size() + days.size() * (sizeof(DayOfSurface) + kNodeBytes);
  return all;
}

const DayOfSurface* SurfaceCounts::day(std::string_view surface, int32_t day) const {
  const auto found = surfaces_.find(surface);
  if (found == surfaces_.end()) return nullptr;
  const auto of_day = found->second.find(day);
  return of_day == found->second.end() ? nullptr : &of_day->second;
}

void SurfaceCounts::save(const std::function<void(const std::function<void(ByteWriter&)>&)>& write_one) const {
  if (surfaces_.empty()) return;
  // First what is of no surface, under no day.
  write_one([&](ByteWriter& out) {
    write_text(out, "");
    write_signed_varint(out, static_cast<int64_t>(others_));
    save_responses(out, attributed_);
    save_responses(out, unattributed_);
  });
  for (const auto& [name, days] : surfaces_) {
    for (const auto& [number, day] : days) {
      write_one([&](ByteWriter& out) {
        write_text(out, name);
        write_signed_varint(out, number);
        save_responses(out, day.all);
        save_responses(out, day.unattributed);
        write_varint(out, day.by_source.size());
        for (const Responses& each : day.by_source) save_responses(out, each);
        for (const Responses& each : day.by_position) save_responses(out, each);
        save_responses(out, day.drawn);
        for (const PolicySums& each : day.policies) {
          for (const double number_of : {each.weight, each.weight_squared, each.clicked, each.clicked_squared})
            save_number(out, number_of);
        }
      });
    }
  }
}

// Sources that a later version knows are passed over.
void SurfaceCounts::load_one(ByteReader& in) {
  const std::string name(read_text(in));
  const int64_t number = read_signed_varint(in);
  if (name.empty()) {
    others_ = static_cast<size_t>(number);
    attributed_ = load_responses(in);
    unattributed_ = load_responses(in);
    return;
  }
  DayOfSurface& day = surfaces_[name][static_cast<int32_t>(number)];
  day.all = load_responses(in);
  day.unattributed = load_responses(in);
  const uint64_t sources = read_varint(in);
  for (uint64_t source = 0; source < sources && in.ok(); ++source) {
    const Responses of = load_responses(in);
    if (source < day.by_source.size()) day.by_source[source] = of;
  }
  for (Responses& each : day.by_position) each = load_responses(in);
  day.drawn = load_responses(in);
  for (PolicySums& each : day.policies) {
    for (double* number_of : {&each.weight, &each.weight_squared, &each.clicked, &each.clicked_squared})
      *number_of = load_number(in);
  }
}

}  // namespace doorbuster::recs
