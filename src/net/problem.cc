#include "net/problem.h"

#include <algorithm>

#include "base/assert.h"
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

void write_head(JsonWriter& json, const Problem& problem) {
  std::string type(kProblemTypeBase);
  type += problem.slug;
  json.begin_object().member("type", type);
  json.member("title", problem.title.empty() ? reason_of(problem.status) : problem.title);
  json.member("status", code_of(problem.status));
  if (!problem.detail.empty()) json.member("detail", problem.detail);
}

void respond_with(Exchange& exchange, Status status, std::string_view body, HeaderList& headers) {
  if (needs_retry_after(status) && !has_retry_after(headers)) headers.add({"Retry-After", "1"});
  exchange.respond({.status = status, .content_type = kProblemContentType, .body = body, .headers = headers});
}

}  // namespace

void write_problem(std::string& out, const Problem& problem) {
  JsonWriter json(out);
  write_head(json, problem);
  if (!problem.instance.empty()) json.member("instance", problem.instance);
  for (const ProblemMember& member : problem.members) write_member(json, member);
  json.end_object();
}

PreparedProblem::PreparedProblem(const Problem& problem) : status_(problem.status) {
  ASSERT(problem.instance.empty() && problem.members.size() == 0);
  JsonWriter json(head_);
  write_head(json, problem);
  json.key("instance");
}

void PreparedProblem::write(std::string& out, std::string_view instance,
                            std::initializer_list<ProblemMember> members) const {
  out += head_;
  JsonWriter json(out);
  json.value(instance);
  for (const ProblemMember& member : members) write_member(json, member);
  json.end_object();
}

void respond(Exchange& exchange, const Problem& problem, HeaderList headers) {
  std::string& body = exchange.scratch();
  write_problem(body, problem);
  respond_with(exchange, problem.status, body, headers);
}

void respond(Exchange& exchange, const PreparedProblem& problem, std::string_view instance,
             std::initializer_list<ProblemMember> members, HeaderList headers) {
  std::string& body = exchange.scratch();
  problem.write(body, instance, members);
  respond_with(exchange, problem.status(), body, headers);
}

}  // namespace doorbuster::net
