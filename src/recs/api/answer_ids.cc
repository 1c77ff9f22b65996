#include "recs/api/answer_ids.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"

namespace doorbuster::recs {
namespace {

SipHash fresh_cipher() {
  std::array<std::byte, 16> key;
  fill_random(key);
  return SipHash(Bytes(key));
}

}  // namespace

void GivenAnswers::keep(GivenAnswer answer) {
  const std::lock_guard lock(mutex_);
  size_t place = next_;
  if (answers_.size() < kept_) {
    place = answers_.size();
    answers_.emplace_back();
  } else {
    drop(place);
    next_ = (next_ + 1) % kept_;
  }
  places_[answer.id] = place;
  for (const NameHash& visitor : {answer.user, answer.session}) {
    if (!visitor.is_none()) by_visitor_.emplace(visitor.low, place);
  }
  answers_[place] = std::move(answer);
}

void GivenAnswers::drop(size_t place) {
  const GivenAnswer& answer = answers_[place];
  places_.erase(answer.id);
  for (const NameHash& visitor : {answer.user, answer.session}) {
    auto [each, end] = by_visitor_.equal_range(visitor.low);
    while (each != end) each = each->second == place ? by_visitor_.erase(each) : std::next(each);
  }
  answers_[place] = {};
}

std::optional<GivenAnswer> GivenAnswers::find(uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(id);
  return place == places_.end() ? std::nullopt : std::optional(answers_[place->second]);
}

std::optional<EventMore> GivenAnswers::shown(uint64_t id, uint64_t item_hash) const {
  const std::lock_guard lock(mutex_);
  const auto known = places_.find(id);
  if (known == places_.end()) return std::nullopt;
  const GivenAnswer& answer = answers_[known->second];
  const auto found = std::ranges::find(answer.hashes, item_hash);
  if (found == answer.hashes.end()) return std::nullopt;
  const auto place = static_cast<size_t>(found - answer.hashes.begin());
  const Recommended& one = answer.items[place];
  EventMore more{.surface = answer.surface, .experiment = answer.experiment};
  if (!answer.variants.empty()) more.variant = answer.variants[std::min<size_t>(one.team, answer.variants.size() - 1)];
  more.shown = {.source = static_cast<uint8_t>(one.source),
                .position = static_cast<uint8_t>(std::min<size_t>(place + 1, UINT8_MAX)),
                .pool = one.pool,
                .is_best = one.is_best,
                .propensity = one.propensity};
  return more;
}

void GivenAnswers::forget(const NameHash& visitor) {
  const std::lock_guard lock(mutex_);
  const auto [first, last] = by_visitor_.equal_range(visitor.low);
  std::vector<size_t> theirs;
  for (auto each = first; each != last; ++each) theirs.push_back(each->second);
  for (const size_t place : theirs) drop(place);
}

size_t GivenAnswers::size() const {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

void attribute(std::vector<EventRow>& rows, const GivenAnswers& given) {
  for (EventRow& row : rows) {
    if (row.recommendation == 0) continue;
    auto known = given.shown(row.recommendation, row.item.low);
    if (!known) continue;
    if (row.more) {
      known->word = std::move(row.more->word);
      known->country = row.more->country;
    }
    row.more = *std::move(known);
  }
}

AnswerIds::AnswerIds(GivenAnswers& given) : given_(given), cipher_(fresh_cipher()) {}

}  // namespace doorbuster::recs
