// Where all randomness of a simulated server comes from: secrets, nonces, ids. The world's seed says what comes.
#pragma once

#include <cstdint>

namespace doorbuster::sim {

// What fill_random() and random_number() give from now on.
void seed_random(uint64_t seed);

}  // namespace doorbuster::sim
