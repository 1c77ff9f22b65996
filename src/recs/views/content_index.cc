#include "recs/views/content_index.h"

#include <algorithm>

namespace doorbuster::recs {
namespace {

std::string title_and_text(const Content& content) { return content.title + " " + content.text; }

}  // namespace

// Numbers other than the price are no words: it is not known which of them are near each other.
std::vector<std::string> attribute_words(const Content& content) {
  std::vector<std::string> words;
  if (!content.brand.empty()) words.push_back("brand=" + content.brand);
  for (const std::string& category : content.categories) words.push_back("category=" + category);
  if (content.price) words.push_back(price_word(*content.price));
  for (const auto& [name, attribute] : content.attributes) {
    if (const auto* text = std::get_if<std::string>(&attribute)) words.push_back(name + "=" + *text);
    if (const auto* truth = std::get_if<bool>(&attribute); truth != nullptr && *truth) words.push_back(name);
  }
  return words;
}

void ContentIndex::put(uint32_t item, Content& content) {
  words_.put(item, title_and_text(content), attribute_words(content));
  for (const auto& [space, index] : spaces_) {
    const auto vector = content.vectors.find(space.first);
    const bool stays = vector != content.vectors.end() && vector->second.size() == space.second;
    if (!stays && index->has(item)) index->remove(item);
  }
  for (auto vector = content.vectors.begin(); vector != content.vectors.end();) {
    const Space space{vector->first, vector->second.size()};
    auto known = spaces_.find(space);
    if (known == spaces_.end()) {
      if (spaces_.size() == kSpacesMax) {
        ++vector;
        continue;
      }
      known = spaces_.emplace(space, std::make_unique<VectorIndex>(space.second, folder_)).first;
    }
    known->second->put(item, vector->second);
    vector = content.vectors.erase(vector);
  }
  drop_empty_spaces();
}

void ContentIndex::remove(uint32_t item) {
  words_.remove(item);
  for (const auto& [space, index] : spaces_) {
    if (index->has(item)) index->remove(item);
  }
  drop_empty_spaces();
}

void ContentIndex::drop_empty_spaces() {
  std::erase_if(spaces_, [](const auto& each) { return each.second->size() == 0; });
}

void ContentIndex::clear() {
  words_ = {};
  spaces_.clear();
}

void ContentIndex::add_vectors(uint32_t item, Content& content) const {
  for (const auto& [space, index] : spaces_) {
    if (!index->has(item)) continue;
    const std::span<const float> vector = (*index)[item];
    content.vectors.insert_or_assign(space.first, std::vector<float>(vector.begin(), vector.end()));
  }
}

bool ContentIndex::has(uint32_t item) const {
  return words_.has(item) || std::ranges::any_of(spaces_, [&](const auto& each) { return each.second->has(item); });
}

std::vector<uint32_t> ContentIndex::near(uint32_t item, size_t n, const Accept& accept, const Effort& effort) const {
  std::vector<uint32_t> found;
  const auto add = [&](const std::vector<ScoredItem>& items) {
    for (const ScoredItem& each : items) found.push_back(each.item);
  };
  const auto accept_others = [&](ItemNumber other) { return other != item && accept(other); };
  for (const auto& [space, index] : spaces_) {
    if (index->has(item)) add(index->near((*index)[item], n, accept_others, effort.vectors));
  }
  add(words_.near(item, n, accept, effort.words));
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

std::vector<uint32_t> ContentIndex::near(const Content& content, size_t n, const Accept& accept) const {
  std::vector<uint32_t> found;
  const auto add = [&](const std::vector<ScoredItem>& items) {
    for (const ScoredItem& each : items) found.push_back(each.item);
  };
  for (const auto& [name, vector] : content.vectors) {
    const auto space = spaces_.find({name, vector.size()});
    if (space != spaces_.end()) add(space->second->near(vector, n, accept));
  }
  add(words_.near(title_and_text(content), attribute_words(content), n, accept));
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

double ContentIndex::likeness(uint32_t a, uint32_t b) const {
  double sum = static_cast<double>(words_.alike(a, b));
  each_cosine(a, b, [&](float cosine) { sum += static_cast<double>(std::max(0.0F, cosine)); });
  return sum;
}

float ContentIndex::mean_likeness(uint32_t a, uint32_t b) const {
  size_t ways = words_.has(a) && words_.has(b) ? 1 : 0;
  for (const auto& [space, index] : spaces_) ways += index->has(a) && index->has(b) ? 1 : 0;
  return ways == 0 ? 0 : static_cast<float>(likeness(a, b) / static_cast<double>(ways));
}

ContentIndex::Usage ContentIndex::usage() const {
  Usage usage{.words = words_.words(), .word_bytes = words_.memory()};
  for (const auto& [space, index] : spaces_) {
    usage.vectors += index->size();
    usage.vector_bytes += index->memory();
    usage.row_bytes += index->row_bytes();
  }
  return usage;
}

}  // namespace doorbuster::recs
