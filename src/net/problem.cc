#include "net/problem.h"

#include <algorithm>

#include "base/json_writer.h"
#include "net/text.h"

namespace doorbuster::net {
namespace {

void write_member(JsonWriter& json, const ProblemMember& member) {
  json.dynamic_key(member.name);
  if (const auto* raw = std::get_if<RawJson>(&member.value)) {
    json.raw(raw->text);
  } else if (const auto* number = std::get_if<int64_t>(&member.value)) {
    json.value(*number);
  } else if (const auto* flag = std::get_if<bool>(&member.value)) {
    json.value(*flag);
  } else {
    json.value(std::get<std::string_view>(member.value));
  }
}

bool needs_retry_after(Status status) {
  return status == Status::kServiceUnavailable || status == Status::kTooManyRequests;
}

bool has_retry_after(const HeaderList& headers) {
  return std::any_of(headers.begin(), headers.end(),
                     [](const Header& header) { return equals_ignoring_case(header.name, "retry-after"); });
}

}  // namespace

void write_problem(std::string& out, const Problem& problem) {
  std::string type(kProblemTypeBase);
  type += problem.slug;
  JsonWriter json(out);
  json.begin_object().member("type", type);
  json.member("title", problem.title.empty() ? reason_of(problem.status) : problem.title);
  json.member("status", code_of(problem.status));
  if (!problem.detail.empty()) json.member("detail", problem.detail);
  if (!problem.instance.empty()) json.member("instance", problem.instance);
  for (const ProblemMember& member : problem.members) write_member(json, member);
  json.end_object();
}

void respond(Exchange& exchange, const Problem& problem, HeaderList headers) {
  std::string& body = exchange.scratch();
  write_problem(body, problem);
  if (needs_retry_after(problem.status) && !has_retry_after(headers)) headers.add({"Retry-After", "1"});
  exchange.respond({.status = problem.status, .content_type = kProblemContentType, .body = body, .headers = headers});
}

}  // namespace doorbuster::net
