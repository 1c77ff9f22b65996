// What a user agent says: which browser on which system, a person's or a program.
//
// By the rules of uap-core (rule_list.h), of whose hundreds of names a few are kept and all others counted together,
// and by words that programs use of themselves.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include "links/machine/click.h"

namespace doorbuster::links {

struct UserAgent {
  Visitor visitor = Visitor::kBot;
  Browser browser = Browser::kUnknown;
  System system = System::kUnknown;
  DeviceClass device = DeviceClass::kUnknown;
  bool has_hints = false;  // of a browser that sends client hints beside it
  friend bool operator==(const UserAgent&, const UserAgent&) = default;
};

class UserAgents {
 public:
  // Of a longer text the beginning is looked at.
  static constexpr size_t kBytesMax = 512;

  UserAgents();
  ~UserAgents();
  UserAgents(const UserAgents&) = delete;
  UserAgents& operator=(const UserAgents&) = delete;

  // Compiles the rules, which takes about a tenth of a second, once: whoever comes first does it, and others wait.
  void prepare() const;
  [[nodiscard]] UserAgent read(std::string_view text) const;

 private:
  struct Rules;
  mutable std::once_flag prepared_;
  mutable std::unique_ptr<const Rules> rules_;
};

}  // namespace doorbuster::links
