// Rules, surfaces, experiments and filters: what an operator says of recommendations.
#include <ranges>

#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "recs/api/recs_calls.h"
#include "recs/views/personalize_filter.h"
#include "recs/views/rules.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

constexpr size_t kDocumentBytesMax = 4'096;

// The body has been looked at.
void put_document(const Call& call, RecsCommands& commands, DocumentKind kind) {
  const auto name = name_in_path(call, 0);
  if (!name) return;
  if (call.request.body().size() > kDocumentBytesMax)
    return platform::respond_invalid(call.exchange, call.request.path(), "It has 4,096 bytes at most.");
  commands.ask(call, PutDocument{.kind = kind, .name = *name, .content = std::string(call.request.body())},
               [name = *name, instance = std::string(call.request.path())](net::Exchange& exchange,
                                                                           const RecsMachine::Reply& reply) {
                 if (!reply.has_room) {
                   return platform::respond_problem(exchange, instance, net::Status::kConflict, "too-many-documents",
                                                    "As many as there may be", "There may be 1,000 of each kind.");
                 }
                 std::string& body = exchange.scratch();
                 JsonWriter(body).begin_object().member("name", name).end_object();
                 platform::respond_json(exchange, reply.is_known ? net::Status::kOk : net::Status::kCreated, body);
               });
}

void remove_document(const Call& call, RecsCallers& callers, RecsCommands& commands, DocumentKind kind) {
  if (!callers.operator_of(call)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  commands.ask(call, RemoveDocument{.kind = kind, .name = *name},
               [instance = std::string(call.request.path())](net::Exchange& exchange, const RecsMachine::Reply& reply) {
                 if (!reply.is_known) return respond_document_missing(exchange, instance);
                 exchange.respond(net::Response{.status = net::Status::kNoContent});
               });
}

// By name, as they were put.
void list_documents(const Call& call, RecsCallers& callers, const Freshness& freshness, DocumentKind kind) {
  if (!callers.operator_of(call) || !has_caught_up(call, freshness.follower)) return;
  const auto asked = platform::page_asked(call);
  if (!asked) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  freshness.view.look([&](const RecsTables& tables) {
    const RecsTables::Documents& documents = tables.documents(kind);
    json.begin_object().member("total", documents.size()).member("offset", asked->offset);
    json.key("documents").begin_array();
    size_t shown = 0;
    for (const auto& [name, content] : documents | std::views::drop(asked->offset)) {
      if (shown++ == asked->limit || body.size() > platform::kPageBytes) break;
      json.begin_object().member("name", name).key("document").raw(content).end_object();
    }
  });
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace

void put_rule(const Call& call, RecsCallers& callers, RecsCommands& commands) {
  if (!callers.operator_of(call)) return;
  const auto rule = parse_rule(call.request.body());
  if (!rule) return platform::respond_invalid(call.exchange, call.request.path(), rule.error().message);
  put_document(call, commands, DocumentKind::kRule);
}

void put_surface(const Call& call, RecsCallers& callers, RecsCommands& commands) {
  if (!callers.operator_of(call)) return;
  const auto surface = parse_surface(call.request.body());
  if (!surface) return platform::respond_invalid(call.exchange, call.request.path(), surface.error().message);
  put_document(call, commands, DocumentKind::kSurface);
}

void put_experiment(const Call& call, RecsCallers& callers, RecsCommands& commands) {
  if (!callers.operator_of(call)) return;
  const auto experiment = parse_experiment(call.request.body());
  if (!experiment) return platform::respond_invalid(call.exchange, call.request.path(), experiment.error().message);
  put_document(call, commands, DocumentKind::kExperiment);
}

void show_experiment(const Call& call, RecsCallers& callers, const Freshness& freshness) {
  if (!callers.operator_of(call) || !has_caught_up(call, freshness.follower)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  std::string& body = call.exchange.scratch();
  freshness.view.look([&](const RecsTables& tables) {
    const auto& documents = tables.documents(DocumentKind::kExperiment);
    if (const auto known = documents.find(*name); known != documents.end()) body = known->second;
  });
  if (body.empty()) return respond_document_missing(call.exchange, call.request.path());
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void put_filter(const Call& call, RecsCallers& callers, RecsCommands& commands, const EventNames& events) {
  if (!callers.operator_of(call)) return;
  JsonDocument document(call.request.body());
  const JsonValue value = document.root().required("expression", "a filter expression of Amazon Personalize");
  if (const auto checked = check_personalize(value.string(), events); value.present() && !checked)
    value.refuse(checked.error().message);
  if (const auto finished = document.finish(); !finished)
    return platform::respond_invalid(call.exchange, call.request.path(), finished.error().message);
  put_document(call, commands, DocumentKind::kFilter);
}

void remove_filter(const Call& call, RecsCallers& callers, RecsCommands& commands) {
  remove_document(call, callers, commands, DocumentKind::kFilter);
}

void list_filters(const Call& call, RecsCallers& callers, const Freshness& freshness) {
  list_documents(call, callers, freshness, DocumentKind::kFilter);
}

void remove_rule(const Call& call, RecsCallers& callers, RecsCommands& commands) {
  remove_document(call, callers, commands, DocumentKind::kRule);
}

void remove_surface(const Call& call, RecsCallers& callers, RecsCommands& commands) {
  remove_document(call, callers, commands, DocumentKind::kSurface);
}

void remove_experiment(const Call& call, RecsCallers& callers, RecsCommands& commands) {
  remove_document(call, callers, commands, DocumentKind::kExperiment);
}

void list_experiments(const Call& call, RecsCallers& callers, const Freshness& freshness) {
  list_documents(call, callers, freshness, DocumentKind::kExperiment);
}

void list_rules(const Call& call, RecsCallers& callers, const Freshness& freshness) {
  list_documents(call, callers, freshness, DocumentKind::kRule);
}

void list_surfaces(const Call& call, RecsCallers& callers, const Freshness& freshness) {
  list_documents(call, callers, freshness, DocumentKind::kSurface);
}

}  // namespace doorbuster::recs
