// What a server's answer says to whoever reads it outside.
#pragma once

#include <string>
#include <string_view>

#include "sale/machine/command.h"
#include "sim/question.h"
#include "sim/requests.h"

namespace doorbuster::sim {

// What somebody keeps who takes part in a draw.
struct Receipt {
  uint64_t index = 0;
  std::string leaf;        // in hexadecimal
  std::string commitment;  // that, too
};

// An answer, with what it says in the machine's words. What it does not say is empty or 0: the number of attempts of a
// hold, how many came before an entry. Sales are numbered as in the plan.
struct Heard : sale::Reply {
  int status = 0;
  std::string problem;       // "sold-out"; empty if it is none
  std::string redirect_url;  // where to pay
  std::optional<Receipt> receipt;
  std::optional<CustomerHash> guest;  // whom the server has made of a stranger
  std::string body;
};

// Where the head of a request or an answer ends.
inline constexpr std::string_view kHeadEnd = "\r\n\r\n";

// Whether the bytes hold a whole answer with a length.
[[nodiscard]] bool is_whole_answer(std::string_view text);

// Asserts that it is one. Notes the ids that it tells.
[[nodiscard]] Heard read_answer(std::string_view text, const Question& question, const Plan& plan, PublicIds& ids);

// The object that the text is, told with that status.
[[nodiscard]] Heard read_body(int status, std::string text, const Question& question, const Plan& plan, PublicIds& ids);

// An answer's status; the value of a field of its head, empty if there is none.
[[nodiscard]] int status_of(std::string_view text);
[[nodiscard]] std::string_view field_of(std::string_view head, std::string_view name);

[[nodiscard]] std::string text_of(const Heard& heard);

}  // namespace doorbuster::sim
