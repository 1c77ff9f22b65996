// What others call events: a name, in any case, for each kind of ours.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {

// Kinds of ours are called by their own names, too. What is not called anything is kOther.
class EventNames {
 public:
  EventNames() = default;
  // Each "name=kind"; those that are none are passed over (check()).
  explicit EventNames(std::span<const std::string> pairs);

  [[nodiscard]] EventKind kind_of(std::string_view name) const;
  // Of what is kOther, as a kind of the shop's own: a word of small letters, digits, '-' and '_'.
  [[nodiscard]] static std::string word_of(std::string_view name);
  // kInvalid: half a sentence that follows the name of a setting.
  [[nodiscard]] static Result<void> check(std::string_view pair);

 private:
  std::map<std::string, EventKind, std::less<>> kinds_;  // by the name in small letters
};

}  // namespace doorbuster::recs
