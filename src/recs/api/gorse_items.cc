#include <algorithm>

#include "recs/api/asked.h"
#include "recs/api/gorse_answers.h"
#include "recs/api/gorse_calls.h"
#include "recs/api/gorse_rows.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

constexpr size_t kGorsePageMax = 1'000;
constexpr size_t kGorsePageBytes = size_t{1} << 20;

struct KnownItem {
  Content content;
  Timestamp since;
  bool is_there = false;
};

KnownItem known_item(const Freshness& freshness, const NameHash& hash) {
  return freshness.view.look([&](const RecsTables& tables) {
    const auto number = tables.catalogue().find(hash);
    if (!number || tables.catalogue()[*number].is_removed) return KnownItem();
    const Item& item = tables.catalogue()[*number];
    return KnownItem{.content = tables.content_of(*number), .since = item.since, .is_there = true};
  });
}

void respond_stored(net::Exchange& exchange, const RecsMachine::Reply& reply) {
  if (reply.without_room.empty()) return respond_rows_affected(exchange, reply.done);
  respond_gorse_error(
      exchange, net::Status::kConflict,
      "there are as many items as there may be: raise recs.items (" + std::to_string(reply.done) + " were stored)");
}

Result<ItemContent> to_be_stored(const Names& names, const std::string& name, const Content& content) {
  ItemContent item{.item = names.item(name), .name = name, .content = print_content(content)};
  if (item.content.size() > kContentBytesMax) return fail(ErrorCode::kInvalid, "an item has 24,576 bytes at most");
  return item;
}

void store_item(const Call& call, RecsCommands& commands, const Names& names, const std::string& name,
                const Content& content) {
  auto item = to_be_stored(names, name, content);
  if (!item) return respond_gorse_invalid(call.exchange, item.error().message);
  PutItems command;
  command.items.push_back(*std::move(item));
  commands.ask(call, std::move(command), respond_stored, respond_gorse_busy);
}

// What the path names, and what is known of it; answers by itself where there is nothing.
std::optional<std::pair<std::string, KnownItem>> item_in_path(const Call& call, CompatCallers& callers,
                                                              const Names& names, const Freshness& freshness) {
  if (!gorse_caller(call, callers) || !gorse_has_caught_up(call, freshness)) return std::nullopt;
  auto name = gorse_name(call, 0);
  if (!name) return std::nullopt;
  KnownItem known = known_item(freshness, names.item(*name));
  if (known.is_there) return std::pair(*std::move(name), std::move(known));
  respond_gorse_error(call.exchange, net::Status::kNotFound, *name + ": item not found");
  return std::nullopt;
}

}  // namespace

// All of them, or none.
void put_gorse_items(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names) {
  if (!gorse_caller(call, callers)) return;
  const auto texts = gorse_texts(call.request.body());
  if (!texts) return respond_gorse_invalid(call.exchange, texts.error().message);
  PutItems command;
  for (const std::string_view text : *texts) {
    const auto item = read_gorse_item(text);
    auto stored = item ? to_be_stored(names, item->name, item->content) : tl::unexpected(item.error());
    if (!stored) {
      return respond_gorse_invalid(call.exchange,
                                   "item " + std::to_string(command.items.size()) + ": " + stored.error().message);
    }
    command.items.push_back(*std::move(stored));
  }
  if (command.items.empty()) return respond_rows_affected(call.exchange, 0);
  commands.ask(call, std::move(command), respond_stored, respond_gorse_busy);
}

void change_gorse_item(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                       const Freshness& freshness) {
  const auto known = item_in_path(call, callers, names, freshness);
  if (!known) return;
  const auto changed = read_gorse_patch(call.request.body(), known->second.content);
  if (!changed) return respond_gorse_invalid(call.exchange, changed.error().message);
  store_item(call, commands, names, known->first, *changed);
}

void add_gorse_category(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                        const Freshness& freshness) {
  const auto known = item_in_path(call, callers, names, freshness);
  if (!known) return;
  const auto category = gorse_name(call, 1);
  if (!category) return;
  Content content = known->second.content;
  if (std::ranges::find(content.categories, *category) == content.categories.end()) {
    if (content.categories.size() == kCategoriesMax)
      return respond_gorse_invalid(call.exchange, "an item has 32 categories at most");
    content.categories.push_back(*category);
  }
  store_item(call, commands, names, known->first, content);
}

void remove_gorse_category(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                           const Freshness& freshness) {
  const auto known = item_in_path(call, callers, names, freshness);
  if (!known) return;
  const auto category = gorse_name(call, 1);
  if (!category) return;
  Content content = known->second.content;
  std::erase(content.categories, *category);
  store_item(call, commands, names, known->first, content);
}

void remove_gorse_item(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names) {
  if (!gorse_caller(call, callers)) return;
  const auto name = gorse_name(call, 0);
  if (!name) return;
  commands.ask(
      call, RemoveItem{.item = names.item(*name)},
      [](net::Exchange& exchange, const RecsMachine::Reply& reply) { respond_rows_affected(exchange, reply.done); },
      respond_gorse_busy);
}

void show_gorse_item(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness) {
  const auto known = item_in_path(call, callers, names, freshness);
  if (!known) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  write_gorse_item(json, known->first, known->second.content, known->second.since);
  respond_gorse(call.exchange, body);
}

// The cursor is the number of the next item.
void list_gorse_items(const Call& call, CompatCallers& callers, const Freshness& freshness) {
  if (!gorse_caller(call, callers) || !gorse_has_caught_up(call, freshness)) return;
  const auto n = gorse_number(call, "n", kItemsDefault);
  if (!n) return;
  // Its own JavaScript client writes a capital letter.
  const auto cursor = gorse_number(call, call.request.query_parameter("Cursor") ? "Cursor" : "cursor", 0);
  if (!cursor) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("Items").begin_array();
  const size_t next = freshness.view.look([&](const RecsTables& tables) {
    size_t number = *cursor;
    for (size_t left = std::min(*n, kGorsePageMax); left > 0 && number < tables.catalogue().size(); ++number) {
      const Item& item = tables.catalogue()[static_cast<uint32_t>(number)];
      if (item.is_removed) continue;
      write_gorse_item(json, item.name, item.content, item.since);
      --left;
      if (body.size() > kGorsePageBytes) left = 0;
    }
    return number < tables.catalogue().size() ? number : 0;
  });
  json.end_array().member("Cursor", next == 0 ? std::string() : std::to_string(next)).end_object();
  respond_gorse(call.exchange, body);
}

}  // namespace doorbuster::recs
