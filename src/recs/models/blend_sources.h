// What each source of an answer offers to somebody: from what is known of all (an index of visits, pairs, popularity),
// by what was learnt. The server answers by this, and weights are learnt by this.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "recs/models/learnt_model.h"
#include "recs/models/pair_kind.h"

namespace doorbuster::recs {

struct KnownEvents {
  const SessionIndex& visits;
  std::array<const PairCounts*, kPairKinds> pairs;
  std::span<const ItemNumber> popular;  // the most popular first
  std::function<uint64_t(ItemNumber)> popularity_of;
};

// Of whom it is.
struct BlendQuestion {
  std::span<const ItemNumber> visit = {};    // its clicks in order of time
  SessionNumber own = kNoSession;            // under which the index has it, if it does
  std::span<const ItemNumber> lately = {};   // what they did something with, the newest first, each once
  std::span<const ItemNumber> history = {};  // the same, the oldest first, and more of it
};

enum class OfferKind : uint8_t { kNext, kReminder, kTaste, kBought, kViewed, kPopular };

struct Offer {
  ItemNumber item = kNoItem;
  float score = 0;  // 1 for the best of a source
  OfferKind kind = OfferKind::kPopular;
  ItemNumber because = kNoItem;  // the item that led to it, where one did
};

// Scratch memory of one thread.
class BlendSources {
 public:
  static constexpr size_t kOffersMax = 200;  // of each source

  // Items that pass `accept`, the best first. What somebody is looking at is not offered; what they have seen before is
  // where it was learnt that it should.
  [[nodiscard]] std::vector<Offer> offers(BlendSource source, const KnownEvents& known, const LearntModel& model,
                                          const BlendQuestion& question, const ItemFilter& accept);

 private:
  [[nodiscard]] std::vector<Offer> of_session(const KnownEvents& known, const LearntModel& model,
                                              const BlendQuestion& question, const ItemFilter& accept);
  [[nodiscard]] std::vector<Offer> of_taste(const TasteModel& taste, const BlendQuestion& question,
                                            const ItemFilter& accept);
  [[nodiscard]] std::vector<Offer> of_pairs(const KnownEvents& known, const BlendQuestion& question,
                                            const ItemFilter& accept);

  SessionRecommender recommender_;
  std::vector<float> scores_;    // by item; all 0 between questions
  std::vector<uint8_t> firsts_;  // by item that was touched: which of the pairs has brought it
  std::vector<ItemNumber> touched_;
};

}  // namespace doorbuster::recs
