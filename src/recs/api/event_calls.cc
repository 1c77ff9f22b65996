#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "recs/api/event_rows.h"
#include "recs/api/recs_calls.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

// What a stranger's page sends at once is little.
constexpr size_t kPublicRowsMax = 50;

bool says_lines(const net::Request& request) {
  const auto type = request.header("Content-Type").value_or("");
  return type.starts_with("application/x-ndjson") || type.starts_with("application/jsonl");
}

void respond_recorded(net::Exchange& exchange, const RecsMachine::Reply& reply, const std::vector<uint32_t>& indices,
                      const std::vector<RowProblem>& problems) {
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("recorded", reply.done).member("duplicates", reply.duplicates);
  write_problems(json, problems_with(problems, reply, indices));
  json.end_object();
  exchange.respond(net::Response{.status = net::Status::kAccepted,
                                 .content_type = "application/json",
                                 .body = body,
                                 .headers = {{"Cache-Control", "no-store"}, {"Access-Control-Allow-Origin", "*"}}});
}

}  // namespace

void record_events(const Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names,
                   const AnswerIds& ids) {
  const auto caller = callers.caller_of(call, platform::Action::kTell);
  if (!caller) return;
  const auto texts = event_texts(call.request.body(), says_lines(call.request));
  if (!texts) return platform::respond_invalid(call.exchange, call.request.path(), texts.error().message);
  if (!caller->is_operator() && texts->size() > kPublicRowsMax) {
    return platform::respond_invalid(call.exchange, call.request.path(),
                                     "Without an operator's key there may be 50 events in a request.");
  }
  EventRows read = read_event_rows(*texts, *caller, names);
  if (read.rows.empty()) return respond_nothing_usable(call, read.problems);
  attribute(read.rows, ids.given());
  commands.ask(call, RecordEvents{.rows = std::move(read.rows)},
               [indices = std::move(read.indices), problems = std::move(read.problems)](
                   net::Exchange& exchange, const RecsMachine::Reply& reply) {
                 respond_recorded(exchange, reply, indices, problems);
               });
}

}  // namespace doorbuster::recs
