// The part of a host that somebody registered, by the Public Suffix List: "news.example" of "m.blog.news.example", and
// "someone.github.io" of itself. The list is the system's, or that of the library (libpsl) if it is newer. Any thread.
#pragma once

#include <memory>
#include <string_view>

struct psl_ctx_st;

namespace doorbuster::links {

class RegistrableDomains {
 public:
  RegistrableDomains();

  // A part of `host`, which is in small ASCII letters; all of it if nobody registers below it, or it is an IPv4
  // address.
  [[nodiscard]] std::string_view of(const std::string& host) const;
  // Whether the list names it as one below which others register their domains: "co.uk", "github.io".
  [[nodiscard]] bool is_public_suffix(const std::string& host) const;

 private:
  struct Free {
    void operator()(psl_ctx_st* list) const;
  };
  std::unique_ptr<psl_ctx_st, Free> list_;
};

}  // namespace doorbuster::links
