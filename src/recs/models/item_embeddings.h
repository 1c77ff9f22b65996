// Vectors of items, so that a session's next item lies in the direction of its own: a session is the sum of its items,
// less of the earlier ones, and its cosine with what came next is raised above that with others (as CORE does with its
// items and sessions in one space: Hou et al., SIGIR 2022; sampled softmax with the correction of Bengio and Senecal
// 2008). They see further than transitions and neighbours do, and know nothing of what came after they were learnt: an
// item without a vector has cosine 0 with everything.
//
// Learnt by one thread, so that the same sessions give the same digits; bounded by the number of steps.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "base/bytes.h"
#include "recs/models/item.h"
#include "recs/models/timed_sessions.h"

namespace doorbuster::recs {

struct EmbeddingTraining {
  uint32_t epochs = 12;
  float rate = 0.1F;     // of row-wise Adagrad
  float sharpness = 14;  // what a cosine is multiplied with
  float earlier_decay = 0.8F;
  uint64_t seed = 1;
  std::stop_token stop = {};  // ends it early, with something of no use
};

class ItemEmbeddings {
 public:
  static constexpr size_t kDimensions = 64;

  // None: every cosine is 0.
  ItemEmbeddings() = default;

  [[nodiscard]] bool empty() const { return values_.empty(); }
  [[nodiscard]] size_t bytes() const { return values_.size() * sizeof(float); }
  // Of length 1, or 0 for an item that was not learnt.
  [[nodiscard]] std::span<const float> of(ItemNumber item) const;
  // The session as a vector of length 1, or 0 if none of its items was learnt.
  void session_vector(std::span<const ItemNumber> session, std::span<float> vector) const;
  // Of the item with a vector of length 1.
  [[nodiscard]] float cosine(std::span<const float> vector, ItemNumber item) const;
  void prefetch(ItemNumber item) const;

  void save(ByteWriter& out) const;
  // Damage is told by the reader, or by what is asked of it later: lengths are looked at, vectors are not.
  [[nodiscard]] static ItemEmbeddings load(ByteReader& in);

 private:
  friend class EmbeddingTrainer;
  std::vector<float> values_;
  float earlier_decay_ = 1;
};

[[nodiscard]] ItemEmbeddings train_embeddings(const TimedSessions& sessions, SessionRange range, size_t items,
                                              const EmbeddingTraining& training);

}  // namespace doorbuster::recs
