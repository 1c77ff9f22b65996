// Problem details (RFC 9457): how every error looks to a client.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "net/exchange.h"
#include "net/response.h"

namespace doorbuster::net {

inline constexpr std::string_view kProblemContentType = "application/problem+json";
inline constexpr std::string_view kProblemTypeBase = "https://doorbuster.dev/problems/";

// A value that is JSON already.
struct RawJson {
  std::string_view text;
};

struct ProblemMember {
  std::string_view name;
  std::variant<std::string_view, int64_t, bool, RawJson> value;
};

struct Problem {
  Status status = Status::kBadRequest;
  std::string_view slug;                              // the stable part of the type: "sold-out"
  std::string_view title = {};                        // the status's reason phrase if empty
  std::string_view detail = {};                       // what is wrong here, and what to do; left out if empty
  std::string_view instance = {};                     // the path it happened on; left out if empty
  std::initializer_list<ProblemMember> members = {};  // extensions; only in the expression that uses the problem
};

// Appends the JSON document.
void write_problem(std::string& out, const Problem& problem);

// What all problems of a kind have in common, written once: for refusals that come by the hundred thousand.
class PreparedProblem {
 public:
  // Without an instance and members, which each answer brings.
  explicit PreparedProblem(const Problem& problem);

  // Appends what write_problem() would.
  void write(std::string& out, std::string_view instance, std::initializer_list<ProblemMember> members) const;
  [[nodiscard]] Status status() const { return status_; }

 private:
  const Status status_;
  std::string head_;  // up to the instance
};

// Answers with it. 429 and 503 must carry Retry-After: give it in `headers`, or it is one second. The texts must not
// lie in exchange.scratch().
void respond(Exchange& exchange, const Problem& problem, HeaderList headers = {});
void respond(Exchange& exchange, const PreparedProblem& problem, std::string_view instance,
             std::initializer_list<ProblemMember> members, HeaderList headers);

}  // namespace doorbuster::net
