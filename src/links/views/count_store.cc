#include "links/views/count_store.h"

#include "base/crypto.h"

namespace doorbuster::links {

CountStore::Head new_head() {
  CountStore::Head head;
  while (head.generation == 0) fill_random(std::as_writable_bytes(std::span(&head.generation, 1)));
  return head;
}

}  // namespace doorbuster::links
