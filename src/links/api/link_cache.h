// Links as one reactor remembers them: what was asked for lately, each with its answer ready, and codes that are
// nobody's.
//
// A place for each code, chosen by its hash: whoever comes to another's place takes it, so memory has a bound and
// nothing has to be kept in order. What is remembered is used only while nothing has been changed since it was read
// (LinkWriter::changes(), arrivals()): one look at a number, and nobody has to be told.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "links/api/routing.h"
#include "links/store/link_store.h"
#include "links/store/link_writer.h"
#include "net/response.h"
#include "ops/metrics/counter.h"

namespace doorbuster::links {

class LinkCache {
 public:
  struct Known {
    std::string code;
    uint64_t as_of = UINT64_MAX;  // changes, or of what is not there arrivals
    bool is_there = false;
    Link link;
    net::PreparedResponse redirect;          // what everybody is answered, where routing is null
    std::unique_ptr<const Routing> routing;  // of the link above
  };

  // Both outlive it.
  LinkCache(const LinkStore& store, const LinkWriter& writer, size_t places)
      : store_(store), writer_(writer), places_(places) {}

  // Valid until the next call; the link is there or not. kIo, kCorrupt: it can't be read.
  [[nodiscard]] Result<const Known*> find(std::string_view code);

  // Any thread.
  [[nodiscard]] uint64_t hits() const { return hits_.value(); }
  [[nodiscard]] uint64_t misses() const { return misses_.value(); }

 private:
  [[nodiscard]] bool is_new_enough(const Known& known) const;

  const LinkStore& store_;
  const LinkWriter& writer_;
  std::vector<std::unique_ptr<Known>> places_;  // null: nobody has been there
  ops::Counter hits_;
  ops::Counter misses_;
};

}  // namespace doorbuster::links
