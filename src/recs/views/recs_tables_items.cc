// What the tables know of items beside the catalogue: what they are like.
#include "recs/views/recs_tables.h"

namespace doorbuster::recs {

// A catalogue that is put again every night is compared anew only where something was said differently.
void RecsTables::put_item(uint32_t item, Content content) {
  const bool is_new = !catalogue_[item].is_put || catalogue_[item].is_removed;
  const bool says_the_same = !is_new && says_the_same_of_likeness(content, content_of(item));
  if (says_the_same) {
    content.vectors = catalogue_[item].content.vectors;
  } else {
    contents_.put(item, content);
  }
  catalogue_.put(item, std::move(content));
  if (!says_the_same) new_items_.put(item);
}

void RecsTables::remove_item(uint32_t item) {
  contents_.remove(item);
  catalogue_.remove(item);
  new_items_.remove(item);
}

Content RecsTables::content_of(uint32_t item) const {
  Content content = catalogue_[item].content;
  contents_.add_vectors(item, content);
  return content;
}

}  // namespace doorbuster::recs
