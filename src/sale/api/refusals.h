// How the machine's refusals look in HTTP: status, problem type, and what the customer can do.
#pragma once

#include <vector>

#include "auth/sealed_id.h"
#include "net/exchange.h"
#include "net/response.h"
#include "sale/api/catalog.h"
#include "sale/api/refusal_counts.h"
#include "sale/machine/command.h"

namespace doorbuster::sale {

// Answers a refused reply with its problem.
void respond_refused(net::Exchange& exchange, std::string_view instance, const Reply& reply, const SaleCatalog& catalog,
                     const auth::IdSealer& ids);

// The same, rendered once for many. Not for refusals that name what one customer has.
[[nodiscard]] net::PreparedResponse prepare_refused(std::string_view instance, const Reply& reply,
                                                    const SaleCatalog& catalog, const auth::IdSealer& ids);

// The last part of the problem's type of a refusal: "sold-out".
[[nodiscard]] std::string_view slug_of(Outcome outcome);

// Calls tell(slug, count) for each refusal that there was.
template <class Tell>
void for_each_refusal(const OutcomeCounts& counts, Tell&& tell) {
  for (size_t i = static_cast<size_t>(Outcome::kSoldOut); i < counts.size(); ++i) {
    if (counts[i] > 0) tell(slug_of(static_cast<Outcome>(i)), counts[i]);
  }
}

// Every problem type by which the machine says no, for the test that compares them with the API's document.
struct RefusalType {
  net::Status status;
  std::string_view slug;
};
[[nodiscard]] std::vector<RefusalType> refusal_types();

}  // namespace doorbuster::sale
