// Calls that the cell has to decide: what is kept of each meanwhile, and how it goes on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/guest_cookie.h"
#include "base/bounded_text.h"
#include "net/response.h"
#include "platform/api/cell_client.h"
#include "platform/api/parts.h"
#include "sale/api/caller.h"
#include "sale/api/parts.h"
#include "sale/machine/machine.h"

namespace doorbuster::sale {

using SaleClient = platform::CellClient<Machine>;
using SaleAnswer = SaleClient::Answer;

struct Deferred;

// A call that the cell has decided, and did not refuse.
struct Decided {
  net::Exchange& exchange;
  const Deferred& kept;
  const Reply& reply;
  std::string_view set_cookie;  // empty: none
};

using Finish = void (*)(const SaleParts& parts, const Decided& decided);

// How a deferred call goes on: a function that is given what was decided, and the parts that it names.
template <auto function>
void finish_by(const SaleParts& parts, const Decided& decided) {
  platform::call_with(function, parts, decided);
}

inline constexpr size_t kInstanceBytesMax = 160;

// What is remembered of a call while the cell decides.
struct Deferred {
  Finish finish;
  BoundedText<kInstanceBytesMax> instance;  // the path, for problem details
  bool sets_cookie = false;
  auth::GuestId guest{};
  BoundedText<kDrawNonceBytesMax> nonce;  // of a join
  bool is_reserve = false;
  platform::Taker taker;  // who reserves, or asks what has become of it
};

[[nodiscard]] Deferred deferred(const Call& call, Finish finish);
[[nodiscard]] Deferred deferred(const Call& call, const Caller& caller, Finish finish);

class DeferredCalls {
 public:
  // `parts` is what calls go on with. All outlive it.
  DeferredCalls(SaleClient& cells, SaleCatalog& catalog, const auth::IdSealer& ids, const auth::GuestCookies& cookies,
                RefusalTally& refusals, const SaleParts& parts);
  DeferredCalls(const DeferredCalls&) = delete;
  DeferredCalls& operator=(const DeferredCalls&) = delete;

  // Hands the command to the sale's cell, or to that one; or answers 503 if there is too much to do.
  void ask(const Call& call, SaleNumber sale, Command&& command, const Deferred& kept) {
    ask(call, cell_of(sale), std::move(command), kept);
  }
  void ask(const Call& call, CellId cell, Command&& command, const Deferred& kept) {
    cells_.defer(call, cell, owner_, std::move(command), kept);
  }

  [[nodiscard]] uint32_t cells() const { return cells_.cells(); }

 private:
  // The cell has answered.
  void take(const SaleAnswer& answer);
  void note_not_taken(const platform::Taker& taker);

  SaleClient& cells_;
  SaleCatalog& catalog_;
  const auth::IdSealer& ids_;
  const auth::GuestCookies& cookies_;
  RefusalTally& refusals_;
  const SaleParts& parts_;
  const uint32_t owner_;
};

// Answers with a JSON body that must not be cached, and with the guest's cookie if they are new.
void respond_json(const Decided& decided, net::Status status, std::string_view body, std::string_view location = {});

// An operator's request came again, so late that its hold or entry is not remembered any more.
void respond_forgotten(const Decided& decided);

}  // namespace doorbuster::sale
