// The measurements of the engine. Each returns one line of JSON.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace doorbuster::bench {

// Durable holds by `clients` threads, `count` in all, in so many cells over one log.
[[nodiscard]] Result<std::string> measure_decisions(const std::filesystem::path& folder, uint64_t count,
                                                    uint32_t clients, uint32_t cells);

// With `count` holds in the tables: how long one more takes until it is durable, before a snapshot and during it.
[[nodiscard]] Result<std::string> measure_snapshot(const std::filesystem::path& folder, uint64_t count,
                                                   uint32_t a_second);

// `count` live holds whose ends are spread over `seconds`: how late each expires, by the log and until it is durable.
[[nodiscard]] Result<std::string> measure_expiry(const std::filesystem::path& folder, uint64_t count, uint32_t seconds);

// The machine alone: CPU of a hold with few and with many customers in one sale, and the memory of holds and entries.
[[nodiscard]] Result<std::string> measure_growth(uint32_t few, uint32_t many);
[[nodiscard]] Result<std::string> measure_memory(uint32_t count);

}  // namespace doorbuster::bench
