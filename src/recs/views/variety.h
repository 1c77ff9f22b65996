// How alike items are to whoever sees them side by side, and an order that is not all of one kind.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "recs/views/recs_tables.h"

namespace doorbuster::recs {

// How alike each of these items is to one that is shown, 0 to 1: the mean of what both say of categories (Jaccard),
// brand and vectors (cosine), and of how much goes with the one in sessions as it does (of what goes most with it); of
// brand half as much. 0 where nothing can be compared.
void similarities(const RecsTables& tables, uint32_t shown, std::span<const uint32_t> items, std::span<double> alike);

// Maximal marginal relevance (Carbonell, Goldstein, SIGIR 1998): places of `relevance`, `n` of them at most, each the
// greatest of lambda * relevance - (1 - lambda) * the similarity to what is likest among those before it. Relevance is
// from 0 to 1. `alike(shown, all)` says how alike all places are to one that is shown: first of those `chosen` that
// stand before all, by their index, then of each place that is taken, by `chosen` and its own.
using Alike = std::function<void(size_t shown, std::span<double> all)>;
[[nodiscard]] std::vector<size_t> maximal_marginal_relevance(std::span<const double> relevance, double lambda, size_t n,
                                                             size_t chosen, const Alike& alike);

}  // namespace doorbuster::recs
