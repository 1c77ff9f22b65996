#include "base/json.h"
#include "platform/api/bulk_rows.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "recs/api/event_rows.h"
#include "recs/api/recs_calls.h"
#include "recs/views/item_content.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

constexpr platform::BulkRules kItemRules = {.rows_max = kRowsMax, .things = "items"};
constexpr size_t kItemBytesMax = 64 << 10;

// As the log keeps it. kInvalid: what is wrong with it.
Result<std::string> content_in(JsonDocument& document, const JsonObject& object) {
  const Content content = read_content(object);
  TRY(document.finish());
  std::string printed = print_content(content);
  if (printed.size() > kContentBytesMax)
    return fail(ErrorCode::kInvalid, "an item has 24,576 bytes at most: shorten its text, its attributes or vectors");
  return printed;
}

Result<ItemContent> row_of(std::string_view text, const Names& names) {
  JsonDocument document(text, {.max_bytes = kItemBytesMax});
  const JsonObject object = document.root();
  ItemContent item;
  const JsonValue name = object.required("item", "the item's name");
  item.name = name.string({.min_bytes = 1, .max_bytes = kNameBytesMax});
  if (!item.name.empty() && !is_name(item.name)) name.refuse("a name has no control characters");
  item.content = TRY(content_in(document, object));
  item.item = names.item(item.name);
  return item;
}

// 201 for an item that nobody had named, 200 for one that somebody had.
void ask_of_item(const Call& call, RecsCommands& commands, RecsMachine::Command command, const std::string& name) {
  commands.ask(
      call, std::move(command),
      [name, instance = std::string(call.request.path())](net::Exchange& exchange, const RecsMachine::Reply& reply) {
        if (!reply.without_room.empty()) return respond_no_room(exchange, instance);
        std::string& body = exchange.scratch();
        JsonWriter(body).begin_object().member("item", name).end_object();
        platform::respond_json(exchange, reply.is_known ? net::Status::kOk : net::Status::kCreated, body);
      });
}

}  // namespace

void put_item(const Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names) {
  if (!callers.operator_of(call)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  JsonDocument document(call.request.body(), {.max_bytes = kItemBytesMax});
  auto content = content_in(document, document.root());
  if (!content) return platform::respond_invalid(call.exchange, call.request.path(), content.error().message);
  PutItems command;
  command.items.push_back({.item = names.item(*name), .name = *name, .content = std::move(*content)});
  ask_of_item(call, commands, std::move(command), *name);
}

void put_items(const Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names) {
  if (!callers.operator_of(call)) return;
  const bool is_lines = call.request.header("Content-Type").value_or("").starts_with("application/x-ndjson");
  const auto texts = platform::rows_in(call.request.body(),
                                       is_lines ? platform::BulkForm::kLines : platform::BulkForm::kArray, kItemRules);
  if (!texts) return platform::respond_invalid(call.exchange, call.request.path(), texts.error().message);
  PutItems command;
  std::vector<RowProblem> problems;
  std::vector<uint32_t> indices;
  for (uint32_t index = 0; index < texts->size(); ++index) {
    auto item = row_of((*texts)[index], names);
    if (!item) {
      problems.push_back({index, item.error().message});
      continue;
    }
    command.items.push_back(std::move(*item));
    indices.push_back(index);
  }
  if (command.items.empty()) return respond_nothing_usable(call, problems);
  commands.ask(call, std::move(command),
               [indices = std::move(indices), problems = std::move(problems)](net::Exchange& exchange,
                                                                              const RecsMachine::Reply& reply) {
                 std::string& body = exchange.scratch();
                 JsonWriter json(body);
                 json.begin_object().member("stored", reply.done);
                 write_problems(json, problems_with(problems, reply, indices));
                 json.end_object();
                 platform::respond_json(exchange, net::Status::kOk, body);
               });
}

void show_item(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness) {
  if (!callers.operator_of(call) || !has_caught_up(call, freshness.follower)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  std::string& body = call.exchange.scratch();
  const bool is_known = freshness.view.look([&](const RecsTables& tables) {
    const auto number = tables.catalogue().find(names.item(*name));
    if (!number || tables.catalogue()[*number].is_removed) return false;
    const Item& item = tables.catalogue()[*number];
    JsonWriter json(body);
    json.begin_object().member("item", item.name).member("in_catalogue", item.is_put);
    write_content(json, tables.content_of(*number));
    json.member("bought_by", item.bought_by).member("viewed_by", item.viewed_by).end_object();
    return true;
  });
  if (!is_known) return respond_item_missing(call.exchange, call.request.path());
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void change_item(const Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names) {
  if (!callers.operator_of(call)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  JsonDocument document(call.request.body());
  const bool in_stock = document.root().required("in_stock", "true or false").boolean();
  if (const auto finished = document.finish(); !finished)
    return platform::respond_invalid(call.exchange, call.request.path(), finished.error().message);
  ask_of_item(call, commands, SetStock{.item = names.item(*name), .name = *name, .in_stock = in_stock}, *name);
}

void remove_item(const Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names) {
  if (!callers.operator_of(call)) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  commands.ask(call, RemoveItem{.item = names.item(*name)},
               [instance = std::string(call.request.path())](net::Exchange& exchange, const RecsMachine::Reply& reply) {
                 if (!reply.is_known) return respond_item_missing(exchange, instance);
                 exchange.respond(net::Response{.status = net::Status::kNoContent});
               });
}

}  // namespace doorbuster::recs
