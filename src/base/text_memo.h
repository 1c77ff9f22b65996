// What was made of texts that come again and again, such as user agents: most people use one of a few hundred programs.
//
// A place for each text, chosen by its hash: whoever comes to another's place takes it, so memory has a bound. One
// thread at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace doorbuster {

template <class Made>
class TextMemo {
 public:
  // A longer text is not remembered.
  static constexpr size_t kBytesMax = 512;

  explicit TextMemo(size_t places) : places_(places) {}

  // What make(text) says, or said. It says the same of the same text.
  template <class Make>
  [[nodiscard]] Made of(std::string_view text, Make&& make) {
    if (text.empty() || text.size() > kBytesMax) return make(text);
    Place& place = places_[std::hash<std::string_view>()(text) % places_.size()];
    if (place.text != text) {
      place.made = make(text);
      place.text = text;
    }
    return place.made;
  }

 private:
  struct Place {
    std::string text;
    Made made{};
  };
  std::vector<Place> places_;
};

}  // namespace doorbuster
