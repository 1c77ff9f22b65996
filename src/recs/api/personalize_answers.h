// How Amazon Personalize answers: JSON, and an exception's name in a header and in the body where it says no, so that
// its clients raise their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/api/call.h"
#include "recs/api/answers.h"
#include "recs/api/compat_callers.h"

namespace doorbuster::recs {

void respond_personalize(net::Exchange& exchange, std::string_view json);
void respond_personalize_error(net::Exchange& exchange, net::Status status, std::string_view exception,
                               std::string_view message);
void respond_invalid_input(net::Exchange& exchange, std::string_view message);
void respond_resource_missing(net::Exchange& exchange, std::string_view message);
// 503, as RecsCommands takes it: its clients ask again by themselves.
void respond_personalize_busy(net::Exchange& exchange, std::string_view message);

// Who it is, where the tables have what was durable at the start; answers by itself when it returns nothing.
[[nodiscard]] std::optional<std::string> personalize_caller(const platform::Call& call, CompatCallers& callers,
                                                            const Freshness& freshness);

}  // namespace doorbuster::recs
