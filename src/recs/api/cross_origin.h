// What pages of other origins are let do: all that strangers may ask for. A browser asks first (OPTIONS, "preflight" in
// https://fetch.spec.whatwg.org) where a page wants to send JSON under its own name, or a token.
#pragma once

#include "platform/api/routes.h"

namespace doorbuster::recs {

void add_preflights(platform::Routes& routes);

}  // namespace doorbuster::recs
