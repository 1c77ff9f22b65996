// The gate: where a request is looked at before it may become a command, whatever service it is for.
//
// A service says who asks and what it would cost; the gate says whether the request goes on. Today's gate lets
// everybody through. A guard against bots is another implementation of the same port, and no service has to know it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "platform/api/call.h"

namespace doorbuster::platform {

// What a request would do: not all of them are equally dear.
enum class Action : uint8_t {
  kJoin,     // take a place in a line
  kReserve,  // take something of which there is little
  kChange,   // any other change
};
inline constexpr std::array<std::string_view, 3> kActionNames = {"join", "reserve", "change"};

struct GateQuestion {
  Action action = Action::kChange;
  std::string_view scope;  // the service's own word for what it is about: a sale's id
  bool is_known = false;   // who asks has shown a token or a cookie that was given before
};

class Gate {
 public:
  virtual ~Gate() = default;

  // Whether the request may go on; otherwise it has been answered. Never blocks. On any reactor's thread.
  [[nodiscard]] virtual bool lets_pass(const Call& call, const GateQuestion& question) = 0;
};

// No guard: everybody passes.
class OpenGate final : public Gate {
 public:
  [[nodiscard]] bool lets_pass(const Call&, const GateQuestion&) override { return true; }
};

}  // namespace doorbuster::platform
