// The server's audit trail as operators read it.
#include "base/json_writer.h"
#include "platform/api/request_parts.h"
#include "platform/operators/operator_calls.h"

namespace doorbuster::platform {

void show_server_audit(const Call& call, OperatorAccess& access, OperatorAuthenticator& authenticator) {
  if (!authenticator.operator_of(call)) return;
  const auto asked = page_asked(call);
  if (!asked) return;
  const AuditTrail::Page page = access.trail->page(asked->offset, asked->limit);
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", page.total).member("offset", asked->offset).key("lines").begin_array();
  const auto named = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  for (const ServerAuditLine& line : page.lines) {
    if (body.size() > kPageBytes) break;
    json.begin_object().member("number", line.number).member("at", line.at).member("actor", named(line.actor));
    json.member("action", line.action).member("detail", line.detail).member("address", named(line.address));
    json.member("forwarded_for", named(line.forwarded_for)).end_object();
  }
  json.end_array().end_object();
  respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::platform
