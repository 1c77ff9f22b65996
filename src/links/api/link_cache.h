// Links as one reactor remembers them: what was asked for lately, each with its answer ready, and codes that are
// nobody's.
//
// A place for each code, chosen by its hash: whoever comes to another's place takes it, so memory has a bound and
// nothing has to be kept in order. Codes that are nobody's have places of their own, fewer of them, so that whoever
// makes up codes pushes out no link. What is remembered is used only while nothing has been changed since it was read
// (LinkWriter::changes(), arrivals()): one look at a number, and nobody has to be told.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "links/abuse/blocks.h"
#include "links/api/registrable_domain.h"
#include "links/api/routing.h"
#include "links/store/link_store.h"
#include "links/store/link_writer.h"
#include "net/response.h"
#include "ops/metrics/counter.h"

namespace doorbuster::links {

// What browsers and others on the way may keep of a redirect: nothing that they need not ask for each time. When all of
// them obey a take-down follows from it.
inline constexpr std::string_view kRedirectCacheControl = "private, no-cache";
inline constexpr Duration kRedirectFreshFor = Duration::seconds(0);

class LinkCache {
 public:
  struct Known {
    std::string code;
    uint64_t as_of = UINT64_MAX;  // changes
    Link link;
    std::optional<Block> block;              // why nobody is sent on
    std::string domain;                      // that somebody registered, to which it leads
    net::PreparedResponse redirect;          // what everybody is answered, where routing is null
    std::unique_ptr<const Routing> routing;  // of the link above
  };

  // All outlive it.
  LinkCache(const LinkStore& store, const LinkWriter& writer, const Blocks& blocks, const RegistrableDomains& domains,
            size_t places)
      : store_(store),
        writer_(writer),
        blocks_(blocks),
        domains_(domains),
        places_(places),
        nobodys_(std::max<size_t>(places / kPlacesForOneOfNobodys, kNobodysMin)) {}

  // Valid until the next call; null: there is no such link. kIo, kCorrupt: it can't be read.
  [[nodiscard]] Result<const Known*> find(std::string_view code);

  // Whether it was found, or found to be nobody's, not long ago: whoever asks again learns nothing that they could not
  // know.
  [[nodiscard]] bool remembers(std::string_view code) const;

  // Any thread.
  [[nodiscard]] uint64_t hits() const { return hits_.value(); }
  [[nodiscard]] uint64_t misses() const { return misses_.value(); }

 private:
  static constexpr size_t kPlacesForOneOfNobodys = 8;
  static constexpr size_t kNobodysMin = 16;

  struct Nobodys {
    std::string code;
    uint64_t as_of = UINT64_MAX;  // arrivals
  };

  const LinkStore& store_;
  const LinkWriter& writer_;
  const Blocks& blocks_;
  const RegistrableDomains& domains_;
  std::vector<std::unique_ptr<Known>> places_;  // null: no link has been there
  std::vector<Nobodys> nobodys_;
  ops::Counter hits_;
  ops::Counter misses_;
};

}  // namespace doorbuster::links
