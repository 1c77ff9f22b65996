// Where requests about sales arrive: one Desk a reactor, all on that reactor's thread.
//
// A desk reads a request, finds out who asks, turns it into a command for the cell and defers; when the cell answers,
// it says so in HTTP. What needs no decision (public status, lists, pages) it answers at once from what has been
// published. The calls themselves are free functions, a file for each sort of caller (calls_*.cc); routes.cc lists
// them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/keys.h"
#include "base/bounded_text.h"
#include "net/loop.h"
#include "net/response.h"
#include "platform/api/call.h"
#include "platform/api/cell_client.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "platform/api/text_stream.h"
#include "platform/operators/operator_authenticator.h"
#include "sale/api/shared.h"
#include "sale/machine/machine.h"

namespace doorbuster::sale {

class Desk;
struct Deferred;

using platform::bearer_of;
using platform::Call;
using platform::has_no_body;
using platform::kPageMax;
using platform::number_in_query;
using platform::Operators;
using platform::respond_busy;
using platform::respond_invalid;
using platform::respond_problem;
using platform::respond_unauthorized;

using SaleClient = platform::CellClient<Machine>;
using SaleAnswer = SaleClient::Answer;

// How a deferred call goes on once the cell has decided: called with the exchange, what was kept, and the reply. Only
// for replies that are not refusals.
using Finish = void (*)(Desk&, net::Exchange&, const Deferred&, const Reply&);

inline constexpr size_t kInstanceBytesMax = 160;

// What a desk remembers of a call while the cell decides.
struct Deferred {
  Finish finish;
  BoundedText<kInstanceBytesMax> instance;  // the path, for problem details
  bool sets_cookie = false;
  auth::GuestId guest{};
  BoundedText<kDrawNonceBytesMax> nonce;  // of a join
};

// Who a customer's call comes from.
struct Caller {
  CustomerHash hash;
  BoundedText<auth::kSaleNameBytesMax> only_sale;  // the token is good for this sale only; empty: for all
  std::optional<auth::GuestId> new_guest;          // has to be told their cookie
};

// Which customers without a token of the shop a call takes.
enum class Guests : uint8_t {
  kWelcome,  // anybody: who has no cookie yet is given one
  kKnown,    // who has a cookie of ours: only they can have something already
  kRefused,
};

class Doorway;
class EntryWatch;
class PaymentWait;

class Desk final {
 public:
  Desk(Shared& shared, net::Loop& loop, SaleClient& cell, Operators operators);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // --- For the calls. Those that may return nothing have then answered by themselves. ---

  // The customer who asks: by the shop's token or by a guest's cookie.
  [[nodiscard]] std::optional<Caller> caller_of(const Call& call, Guests guests);
  // The id of the operator's key, by the key or a session.
  [[nodiscard]] std::optional<std::string> operator_of(const Call& call) { return operators_.operator_of(call); }
  // Whether the call claims to be an operator's.
  [[nodiscard]] bool is_operator(const Call& call) const { return operators_.presents_credentials(call); }
  // For the operators' board.
  void count_refusal(SaleNumber sale, Outcome outcome) { refusal_tally_.count(sale, outcome); }
  // The sale in the path. For all but operators a draft is not there.
  [[nodiscard]] const Listing* sale_of(const Call& call, size_t parameter = 0);

  // Hands the command to the cell, or answers 503 if it has too much to do.
  void ask(const Call& call, Command&& command, const Deferred& kept);

  // The prepared answer to GET of a sale, as fresh as its numbers. Valid until the next call for the same sale.
  struct SalePage {
    uint64_t status_version = 0;
    uint64_t listing_version = 0;
    std::string etag;  // of the content, so that it means the same after a restart and on every reactor
    std::string_view cache_control;
    std::string body;
    net::PreparedResponse response;
  };
  [[nodiscard]] const SalePage& page_of(const Listing& listing);

  // The prepared refusal of a reserve that the published numbers alone decide. Valid as long as page_of's.
  [[nodiscard]] const net::PreparedResponse& refusal_of(const Listing& listing, const StatusBoard::Read& read,
                                                        Outcome outcome);

  [[nodiscard]] Shared& shared() { return shared_; }
  // Whatever begins on this reactor (a request, an answer of the cell, a tick) sees one page of the directory to its
  // end: a listing that it has found stays, whatever is published meanwhile. What an answer speaks of has been
  // published before.
  void begin() { directory_.refresh(); }
  [[nodiscard]] const Directory::Page& directory() const { return directory_.page(); }
  [[nodiscard]] EntryWatch& entry_watch() { return *watch_; }
  [[nodiscard]] Doorway& doorway() { return *doorway_; }
  [[nodiscard]] auth::AdmissionVerifier& admissions() { return admissions_; }
  [[nodiscard]] PaymentWait& payment_wait() { return *payment_wait_; }
  [[nodiscard]] platform::TextStream& texts() { return *texts_; }

 private:
  // The cell has answered a deferred request.
  void take(const SaleAnswer& answer);
  // Answers failures and refusals; true if the reply is for the call's own finish.
  [[nodiscard]] bool is_decided(net::Exchange& exchange, const Deferred& kept, const SaleAnswer& answer);

  Shared& shared_;
  net::Loop& loop_;
  SaleClient& cell_;
  const uint32_t owner_;  // of what calls ask
  auth::KeyView keys_;
  auth::AdmissionVerifier admissions_;
  platform::OperatorAuthenticator operators_;
  RefusalTally& refusal_tally_;
  DirectoryReader directory_;
  struct PreparedRefusal {
    uint64_t status_version = 0;
    uint64_t listing_version = 0;
    net::PreparedResponse response;
  };
  std::vector<SalePage> pages_;            // by sale number
  std::vector<PreparedRefusal> refusals_;  // by sale number
  std::unique_ptr<EntryWatch> watch_;
  std::unique_ptr<Doorway> doorway_;
  std::unique_ptr<PaymentWait> payment_wait_;
  std::unique_ptr<platform::TextStream> texts_;
};

}  // namespace doorbuster::sale
