// How Gorse answers: JSON, and a line of text where it says no.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/api/call.h"
#include "recs/api/answers.h"
#include "recs/api/compat_callers.h"

namespace doorbuster::recs {

void respond_gorse(net::Exchange& exchange, std::string_view json);
void respond_gorse_error(net::Exchange& exchange, net::Status status, std::string_view text);
void respond_gorse_invalid(net::Exchange& exchange, std::string_view text);
// 503, as RecsCommands takes it.
void respond_gorse_busy(net::Exchange& exchange, std::string_view detail);
// {"RowAffected": 1}
void respond_rows_affected(net::Exchange& exchange, uint64_t rows);

// --- Those answer by themselves when they return nothing, or false. ---

// Who it is; and the tables have what was durable at the start.
[[nodiscard]] std::optional<std::string> gorse_caller(const platform::Call& call, CompatCallers& callers);
[[nodiscard]] bool gorse_has_caught_up(const platform::Call& call, const Freshness& freshness);
[[nodiscard]] std::optional<std::string> gorse_name(const platform::Call& call, size_t index);
[[nodiscard]] std::optional<size_t> gorse_number(const platform::Call& call, std::string_view name, size_t fallback);

}  // namespace doorbuster::recs
