// The gate: where a request is looked at before it may become a command or is told something of its own, whatever
// service it is for.
//
// A service says who asks, from where they may, and what it would cost; the gate says whether the request goes on, and
// what it thought of whoever asks. No service has to know more of it: the guard (src/guard/) is one gate, and one that
// lets everybody through another.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/assessment.h"
#include "net/peer_address.h"
#include "platform/api/call.h"

namespace doorbuster::platform {

// What a request would do: not all of them are equally dear.
enum class Action : uint8_t {
  kJoin,     // take a place in a line
  kReserve,  // take something of which there is little
  kChange,   // any other change
  kPoll,     // look again at something of one's own
  kTell,     // tell of what happened, such as that a visitor looked at something
};
inline constexpr std::array<std::string_view, 5> kActionNames = {"join", "reserve", "change", "poll", "tell"};

// Who asks, as far as the service knows.
struct Asker {
  enum class Kind : uint8_t {
    kNew,       // nobody yet: they get a cookie with the answer
    kSession,   // by a cookie that we gave, or by a token that came with something of theirs
    kCustomer,  // by a token of the shop
  };
  Kind kind = Kind::kNew;
  uint64_t id = 0;  // the same for the same one, and evenly spread; of kNew that which they will have
  // Of a customer, what the shop's token says, if it does: how old their account is, and what they pay by (a hash).
  std::optional<uint32_t> account_age_days = {};
  uint64_t instrument = 0;
};

// How a service lets somebody wait for nothing: what looks like a place in its line and never moves.
class Stall {
 public:
  virtual ~Stall() = default;
  virtual void answer() const = 0;
};

struct GateQuestion {
  Action action = Action::kChange;
  std::string_view scope;  // the service's own word for what it is about: a sale's id
  Asker asker;
  // Whether whoever asks could bring what the gate asks for, such as a solved challenge: a page without scripts can't,
  // and is delayed instead.
  bool can_work = true;
  const Stall* stall = nullptr;  // null: the service has no such line
  // Of a join: until when it makes no difference who comes first, because places are drawn then.
  std::optional<Timestamp> drawn_at = {};
  uint32_t units_each = 0;  // of what is reserved and paid for, that each who asks may have; 0: nobody pays for it
  // For which countries it is, kUnknownCountry as any other: empty lists say nothing. Both outlive the question only.
  std::span<const Country> allowed_countries = {};
  std::span<const Country> denied_countries = {};
};

// Who has reserved something, for when it is known what has become of that.
struct Taker {
  uint64_t id = 0;          // the asker's
  uint32_t units_each = 0;  // as of the question
  net::PeerAddress sender;
  bool is_customer = false;  // of the shop
};

class Gate {
 public:
  virtual ~Gate() = default;

  // What is to be kept of a request that may go on: default-constructed where nobody looked closer. Nothing: it has
  // been refused, and answered. Never blocks. On any reactor's thread.
  [[nodiscard]] virtual std::optional<Assessment> pass(const Call& call, const GateQuestion& question) = 0;

  // What somebody whom pass() let reserve has not taken after all, or has paid for: it is not held against them any
  // more. `number` is the same for the same thing that was paid for, and another for another. On any reactor's thread.
  virtual void note_not_taken(const Taker&, Timestamp) {}
  virtual void note_paid(const Taker&, uint64_t, Timestamp) {}

  // Names that nothing is remembered of, such as the codes of links: whoever asks for many that are nobody's tries them
  // out. Whether they may have one more looked for: nothing, or how long they should wait. On any reactor's thread.
  [[nodiscard]] virtual std::optional<Duration> wait_before_guess(const Call&) { return std::nullopt; }
  // It was looked for, and is nobody's.
  virtual void note_miss(const Call&) {}

  // Where the request comes from, as far as anybody knows here. On any reactor's thread.
  [[nodiscard]] virtual Country country_of(const net::Request&) const { return kUnknownCountry; }
  // Who sent it, behind the proxies that are trusted. On any reactor's thread.
  [[nodiscard]] virtual net::PeerAddress sender_of(const net::Request& request) const { return request.peer(); }
};

// No guard: everybody passes, and nobody is looked at.
class OpenGate final : public Gate {
 public:
  [[nodiscard]] std::optional<Assessment> pass(const Call&, const GateQuestion&) override { return Assessment(); }
};

}  // namespace doorbuster::platform
