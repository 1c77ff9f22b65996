#include "recs/views/experiment_counts.h"

#include <algorithm>

#include "base/varint.h"

namespace doorbuster::recs {
namespace {

enum class Entry : uint8_t { kHead = 1, kDay = 2, kVisitor = 3, kAnswer = 4 };

}  // namespace

Responses VariantCounts::all() const {
  Responses sum;
  for (const auto& [day, responses] : days) sum.add(responses);
  return sum;
}

ExperimentCounts::Visitor* ExperimentCounts::visitor_of(VisitorKey visitor, size_t variant) {
  ASSERT(variant < variants_.size());
  const auto found = visitors_.find(visitor);
  if (found != visitors_.end()) return &found->second;
  if (visitors_.size() >= kVisitorsMax) return nullptr;
  ++variants_[variant].visitors;
  return &visitors_.try_emplace(visitor, Visitor{.variant = static_cast<uint8_t>(variant)}).first->second;
}

void ExperimentCounts::mark(VisitorKey visitor, size_t variant, Mark mark, uint64_t VariantCounts::* counter) {
  Visitor* known = visitor_of(visitor, variant);
  if (known == nullptr || (known->marks & mark) != 0) return;
  known->marks |= mark;
  ++(variants_[known->variant].*counter);
}

// Nodes and buckets of the hash tables, and of the trees of days.
size_t ExperimentCounts::bytes() const {
  constexpr size_t kVisitorBytesEach = 40;
  constexpr size_t kAnswerBytesEach = 56;
  constexpr size_t kDayBytesEach = 64;
  size_t all = visitors_.size() * kVisitorBytesEach + answers_.size() * kAnswerBytesEach;
  for (const VariantCounts& each : variants_) all += sizeof(VariantCounts) + each.days.size() * kDayBytesEach;
  return all;
}

void ExperimentCounts::saw_visitor(VisitorKey visitor, size_t variant) { (void)visitor_of(visitor, variant); }

void ExperimentCounts::bought(VisitorKey visitor, size_t variant, bool is_attributed) {
  const Visitor* known = visitor_of(visitor, variant);
  if (known == nullptr) return;
  VariantCounts& counts = variants_[known->variant];
  ++counts.purchases;
  if (is_attributed) ++counts.purchases_attributed;
  mark(visitor, variant, kBought, &VariantCounts::bought);
}

void ExperimentCounts::responded(std::optional<VisitorKey> visitor, size_t variant, EventKind kind, int32_t day) {
  ASSERT(variant < variants_.size());
  std::map<int32_t, Responses>& days = variants_[variant].days;
  days[day].add(kind);
  while (days.begin()->first <= days.rbegin()->first - SurfaceCounts::kDaysKept) days.erase(days.begin());
  if (!visitor) return;
  mark(*visitor, variant, kExposed, &VariantCounts::exposed);
  if (kind == EventKind::kClick) mark(*visitor, variant, kClicked, &VariantCounts::clicked);
}

void ExperimentCounts::count_win(const Clicks& clicks, bool is_added) {
  if (clicks.first == clicks.second) return;
  uint64_t& wins = variants_[clicks.first > clicks.second ? 0 : 1].wins;
  wins = is_added ? wins + 1 : wins - 1;
}

// Who is preferred in an answer may change with each click there.
void ExperimentCounts::preferred(uint64_t recommendation, size_t variant) {
  ASSERT(variants_.size() == 2 && variant < 2);
  const auto [place, is_new] = answers_.try_emplace(recommendation);
  if (is_new) {
    order_.push_back(recommendation);
    if (order_.size() > kAnswersMax) {
      answers_.erase(order_.front());
      order_.pop_front();
    }
  }
  Clicks& clicks = answers_.at(recommendation);
  count_win(clicks, false);
  ++(variant == 0 ? clicks.first : clicks.second);
  count_win(clicks, true);
}

void ExperimentCounts::save(const std::function<void(const std::function<void(ByteWriter&)>&)>& write_one) const {
  write_one([&](ByteWriter& out) {
    out.integer(static_cast<uint8_t>(Entry::kHead));
    out.integer(since_.micros());
    write_varint(out, variants_.size());
    for (const VariantCounts& each : variants_) {
      for (const uint64_t number : {each.visitors, each.exposed, each.clicked, each.bought, each.purchases,
                                    each.purchases_attributed, each.wins})
        write_varint(out, number);
    }
  });
  for (size_t variant = 0; variant < variants_.size(); ++variant) {
    for (const auto& [day, responses] : variants_[variant].days) {
      write_one([&](ByteWriter& out) {
        out.integer(static_cast<uint8_t>(Entry::kDay));
        out.integer(static_cast<uint8_t>(variant));
        write_signed_varint(out, day);
        write_varint(out, responses.impressions);
        write_varint(out, responses.clicks);
      });
    }
  }
  for (const auto& [key, visitor] : visitors_) {
    write_one([&](ByteWriter& out) {
      out.integer(static_cast<uint8_t>(Entry::kVisitor));
      write_varint(out, key);
      out.integer(visitor.variant);
      out.integer(visitor.marks);
    });
  }
  for (const uint64_t recommendation : order_) {
    write_one([&](ByteWriter& out) {
      const Clicks& clicks = answers_.at(recommendation);
      out.integer(static_cast<uint8_t>(Entry::kAnswer));
      out.integer(recommendation);
      write_varint(out, clicks.first);
      write_varint(out, clicks.second);
    });
  }
}

void ExperimentCounts::load_one(ByteReader& in) {
  const auto entry = static_cast<Entry>(in.integer<uint8_t>());
  if (entry == Entry::kHead) {
    since_ = Timestamp::from_micros(in.integer<int64_t>());
    variants_.resize(std::min<uint64_t>(read_varint(in), kVariantsMax));
    for (VariantCounts& each : variants_) {
      for (uint64_t* number : {&each.visitors, &each.exposed, &each.clicked, &each.bought, &each.purchases,
                               &each.purchases_attributed, &each.wins})
        *number = read_varint(in);
    }
  } else if (entry == Entry::kDay) {
    const auto variant = in.integer<uint8_t>();
    const auto day = static_cast<int32_t>(read_signed_varint(in));
    Responses of;
    of.impressions = read_varint(in);
    of.clicks = read_varint(in);
    if (variant < variants_.size()) variants_[variant].days[day] = of;
  } else if (entry == Entry::kVisitor) {
    const uint64_t key = read_varint(in);
    Visitor visitor;
    visitor.variant = in.integer<uint8_t>();
    visitor.marks = in.integer<uint8_t>();
    if (visitor.variant < variants_.size()) visitors_.emplace(key, visitor);
  } else if (entry == Entry::kAnswer) {
    const auto recommendation = in.integer<uint64_t>();
    Clicks clicks;
    clicks.first = static_cast<uint32_t>(read_varint(in));
    clicks.second = static_cast<uint32_t>(read_varint(in));
    if (answers_.emplace(recommendation, clicks).second) order_.push_back(recommendation);
  }
}

}  // namespace doorbuster::recs
