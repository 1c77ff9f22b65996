// A link that comes from elsewhere, as it will be stored here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "links/api/link_base.h"
#include "links/imports/foreign_link.h"
#include "links/store/link.h"

namespace doorbuster::links {

struct ImportedLink {
  Link link = {};                          // without number
  std::vector<std::string> warnings = {};  // what of it is not taken
};

// kInvalid: why it can't be taken, in half a sentence.
[[nodiscard]] Result<ImportedLink> imported_link_of(const ForeignLink& foreign, const LinkBase& base, Timestamp now,
                                                    bool takes_open);

}  // namespace doorbuster::links
