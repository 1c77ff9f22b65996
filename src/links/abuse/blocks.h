// Why nobody is sent to where a link leads, if that is so. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "links/abuse/take_downs.h"
#include "links/abuse/threat_lists.h"
#include "links/store/link.h"

namespace doorbuster::links {

struct Block {
  enum class Kind : uint8_t {
    kTakenDown,
    kUnsafe,  // a list of threats names where the link leads
  };
  Kind kind = Kind::kTakenDown;
  std::string what;    // for whoever makes links: half a sentence, "leads to bad.example, which was taken down"
  std::string notice;  // for everybody; empty: nothing more is to be said
};

class Blocks {
 public:
  // All addresses that a link may lead visitors to.
  using Destinations = std::vector<std::string> (*)(const Link& link);

  // Both outlive it.
  Blocks(const TakeDowns& take_downs, const ThreatLists& threats, Destinations destinations)
      : take_downs_(take_downs), threats_(threats), destinations_(destinations) {}

  // `code` is that of the link, or will be; empty: one that nobody has chosen.
  [[nodiscard]] std::optional<Block> of(std::string_view code, const Link& link) const;

 private:
  const TakeDowns& take_downs_;
  const ThreatLists& threats_;
  const Destinations destinations_;
};

}  // namespace doorbuster::links
