// How a call gets what it needs: its signature names it.
//
//   void list_orders(const Call& call, RequestReader& reader, const Views& views);
//
// A call is a free function that is given the request and, after it, those parts of its service that it uses. The
// parts that a service has on one reactor stand in one Parts; which of them a function takes is settled by their types
// when it is compiled, so a call can reach nothing that its signature does not say, and a part that is missing does
// not compile.
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>

#include "net/router.h"
#include "platform/api/call.h"

namespace doorbuster::platform {

// References to parts, one of each type; a part that is given as const can only be asked for as const.
template <class... Part>
class Parts {
 public:
  explicit Parts(Part&... parts) : parts_(&parts...) {}

  template <class Need>
  [[nodiscard]] Need& get() const {
    using Plain = std::remove_const_t<Need>;
    if constexpr ((std::is_same_v<Plain, Part> || ...)) {
      return *std::get<Plain*>(parts_);
    } else {
      return *std::get<const Plain*>(parts_);
    }
  }

 private:
  std::tuple<Part*...> parts_;
};

// Calls function(first, ...) with the parts that it names.
template <class First, class... Needs, class P>
void call_with(void (*function)(const First&, Needs&...), const P& parts, const First& first) {
  function(first, parts.template get<Needs>()...);
}

// A call in the table of its service.
template <class P>
struct Route {
  net::Method method;
  std::string_view pattern;  // net/router.h
  void (*take)(const P& parts, const Call& call);
};

// A function as a table has it, whatever it needs.
template <auto function, class P>
void take_by(const P& parts, const Call& call) {
  call_with(function, parts, call);
}

}  // namespace doorbuster::platform
