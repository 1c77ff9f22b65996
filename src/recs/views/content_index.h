// What items are like by what the shop says of them: their words (title, text, brand, categories, attributes, price)
// and their vectors, a space of its own for each name and number of dimensions. Follows the catalogue item by item: an
// item is found, with what was said last, as soon as put() has returned.
//
// Vectors are kept here and nowhere else: put() takes them out of the content.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "recs/models/text_neighbours.h"
#include "recs/models/vector_index.h"
#include "recs/views/item_content.h"

namespace doorbuster::recs {

class ContentIndex {
 public:
  // Vectors in further spaces are kept with their item, and find nobody.
  static constexpr size_t kSpacesMax = 16;
  using Accept = std::function<bool(uint32_t)>;
  // How far is looked.
  struct Effort {
    VectorSearch vectors = {};
    size_t words = TextNeighbours::kLookedAt;
  };

  // The vectors lie in a file in this folder; none: in memory.
  explicit ContentIndex(std::string folder) : folder_(std::move(folder)) {}

  void put(uint32_t item, Content& content);
  void remove(uint32_t item);
  void clear();
  // Puts the vectors back.
  void add_vectors(uint32_t item, Content& content) const;

  // The n that are most like an item that is here, by each of its vectors and by its words; unordered, each once.
  [[nodiscard]] std::vector<uint32_t> near(uint32_t item, size_t n, const Accept& accept, const Effort& effort) const;
  // The same for what is said of an item that need not be here.
  [[nodiscard]] std::vector<uint32_t> near(const Content& content, size_t n, const Accept& accept) const;
  // The sum of the cosines of their words and of their vectors; of vectors that point away from each other nothing.
  [[nodiscard]] double likeness(uint32_t a, uint32_t b) const;
  // Of the vectors of each space that both have.
  template <class Each>
  void each_cosine(uint32_t a, uint32_t b, Each&& each) const {
    for (const auto& [space, index] : spaces_) {
      if (index->has(a) && index->has(b)) each(index->cosine(a, b));
    }
  }
  // Divided by how many there are: 1 at most.
  [[nodiscard]] float mean_likeness(uint32_t a, uint32_t b) const;
  [[nodiscard]] bool has(uint32_t item) const;

  struct Usage {
    uint64_t vectors = 0;
    uint64_t vector_bytes = 0;  // of the index
    uint64_t row_bytes = 0;     // of the vectors themselves
    uint64_t words = 0;         // different ones
    uint64_t word_bytes = 0;
  };
  [[nodiscard]] Usage usage() const;

 private:
  void drop_empty_spaces();

  using Space = std::pair<std::string, size_t>;  // the vectors' name, and how many dimensions they have

  std::string folder_;
  TextNeighbours words_;
  std::map<Space, std::unique_ptr<VectorIndex>> spaces_;
};

// What takes part as words beside title and text.
[[nodiscard]] std::vector<std::string> attribute_words(const Content& content);

}  // namespace doorbuster::recs
