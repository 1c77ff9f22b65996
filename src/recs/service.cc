#include "recs/service.h"

#include <utility>

#include "recs/api/cross_origin.h"
#include "recs/api/gorse_calls.h"
#include "recs/api/personalize_calls.h"
#include "recs/views/training_copy.h"

namespace doorbuster::recs {
namespace {

// What may wait for one batch has to fit into it: a turn takes requests of a few MiB, an event is 24 KiB at most.
constexpr size_t kCommandsATurn = 4;
constexpr size_t kEventsABatch = 1'500;
static_assert(kCommandsATurn * kItemsBytesMax + kEventsABatch * kContentBytesMax < log::kPayloadBytesMax);
// Whoever has told of an event waits until it is in the tables.
constexpr uint64_t kVisitClicksMax = 700'000'000;
constexpr auto kBetweenReads = std::chrono::milliseconds(1);

// A visit has as many clicks as its history, so many at most; where many are that long, the newest are left out.
SessionIndexLimits visits_limits(const RecsSettings& settings) {
  const uint64_t clicks = std::min(settings.history, uint64_t{kSessionClicksMax});
  return {.items = settings.capacity.items,
          .sessions = settings.capacity.sessions,
          .clicks = std::min(kVisitClicksMax, settings.capacity.sessions * clicks)};
}

cell::CellOptions cell_options(const std::string& owner) {
  cell::CellOptions options;
  options.commands_a_turn = kCommandsATurn;
  options.events_a_batch = kEventsABatch;
  options.owner = owner;
  return options;
}

}  // namespace

Service::Service(const RecsSettings& settings, RecsDeps deps)
    : settings_(settings),
      deps_(std::move(deps)),
      names_(deps_.operators.keys.master_key()),
      event_names_(settings_.event_names),
      given_(settings.answers),
      view_(settings.history, visits_limits(settings), deps_.folder),
      trainer_({.copy = [this](const std::stop_token& stop) { return copy_for_training(view_, stop); },
                .serve = [this](std::shared_ptr<const LearntModel> model) { view_.serve(std::move(model)); },
                .interactions = [this] { return view_.interactions_heard(); },
                .clock = deps_.clock,
                .logger = deps_.logger,
                .store = deps_.view_store},
               {.every_seconds = settings.training_every_seconds,
                .threads = static_cast<uint32_t>(settings.training_threads)}),
      follower_(deps_.log, {kCellOfRecs}, view_,
                {.store = deps_.view_store,
                 .name = "recs",
                 .on_trouble = [this](const std::string& trouble) { deps_.logger.warning(trouble); },
                 .between_reads = kBetweenReads}),
      freshness_{.view = view_, .follower = follower_, .durable = tail_, .cell = kCellOfRecs},
      sale_events_(names_, view_.has_catalogue(),
                   {.item_of = [this](const std::string& sale) { return item_of(sale); },
                    .on_trouble = [this](const std::string& trouble) { deps_.logger.warning(trouble); }}),
      sale_follower_(sale_events_,
                     {.store = deps_.view_store,
                      .name = "recs-sales",
                      .on_trouble = [this](const std::string& trouble) { deps_.logger.warning(trouble); }}),
      cell_(
          kCellOfRecs, deps_.log, [this] { return std::make_unique<RecsMachine>(settings_.capacity); },
          [this](RecsMachine::Publication&& news) { hear(news); }, cell_options(deps_.owner)),
      host_(deps_.log, deps_.clock),
      runner_(host_, cell_, probe_,
              {.on_durable =
                   [this](Sequence tail) {
                     tail_.store(tail.value(), std::memory_order_release);
                     follower_.note_durable(kCellOfRecs, tail);
                   },
               .on_trouble = [this](const std::string& trouble) { deps_.logger.error(trouble); }}) {
  view_.set_own_kinds(OwnKinds::parse(settings_.weights));
  view_.on_forgotten([this](VisitorKind, const NameHash& visitor) { given_.forget(visitor); });
  cell_.attach(sale_events_.port());
  cell_.on_traced([this](Sequence first, uint32_t count, const TraceContext& trace) {
    follower_.traces(kCellOfRecs).note(first, count, trace);
  });
}

void Service::hear(const RecsMachine::Publication& news) {
  duplicates_.store(news.duplicates, std::memory_order_relaxed);
  made_room_.store(news.made_room, std::memory_order_relaxed);
}

std::string Service::item_of(const std::string& sale) const {
  return view_.look([&](const RecsTables& tables) {
    const auto item = tables.catalogue().sold_by(sale);
    return item ? tables.catalogue()[*item].name : sale;
  });
}

Service::Reactor::Reactor(Service& service, net::Loop& loop, platform::Operators served)
    : operators(service.deps_.operators, served),
      callers(operators, service.deps_.operators.keys, service.deps_.gate, service.names_),
      compat(operators, service.deps_.operators.keys.master_key()),
      commands(loop, service.follower_, kCellOfRecs),
      ids(service.given_) {}

void Service::add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) {
  Reactor& reactor = *reactors_.emplace_back(std::make_unique<Reactor>(*this, loop, operators));
  cell_.attach(reactor.commands.port());
  const RecsParts parts(reactor.callers, reactor.commands, names_, freshness_, reactor.ids, reactor.compat,
                        event_names_, trainer_);
  for (const auto& table : {recs_routes(), gorse_routes(), personalize_routes()}) routes.add(table, parts);
  add_preflights(routes);
}

std::vector<net::LargerBody> Service::larger_bodies() const {
  std::vector<net::LargerBody> larger;
  for (const std::string_view path : {kEventsPath, kQuestionsPath, kGorseFeedbackPath, kGorseUsersPath, kPutEventsPath})
    larger.push_back({.path = std::string(path), .bytes = kEventsBytesMax});
  for (const std::string_view path : {kItemsPath, kGorseItemsPath, kPutItemsPath, kPutUsersPath})
    larger.push_back({.path = std::string(path), .bytes = kItemsBytesMax});
  return larger;
}

Result<platform::Started> Service::start() {
  const cell::Recovered recovered = TRY(runner_.claim());
  tail_.store(recovered.lease.tail.value(), std::memory_order_release);
  follower_.on_heard(kCellOfRecs, [this] {
    for (const auto& reactor : reactors_) reactor->commands.note_heard();
  });
  trainer_.start();
  follower_.start({recovered.lease.tail});
  host_.start();
  is_started_ = true;
  return platform::Started{
      .events = recovered.lease.tail.value(), .replayed = recovered.replayed, .last_time = recovered.last_time};
}

void Service::follow(std::vector<std::unique_ptr<platform::DeliverySource>> others) {
  sale_follower_.start(std::move(others));
}

void Service::stop() {
  if (!std::exchange(is_started_, false)) return;
  sale_follower_.stop();
  trainer_.stop();
  host_.stop();
  follower_.stop();
  follower_.on_heard(kCellOfRecs, {});
}

Result<void> Service::ready() const {
  if (probe_.ownership.load(std::memory_order_acquire) != cell::Ownership::kOwner)
    return fail(ErrorCode::kUnavailable, "the log of recommendations is not ours, or still being replayed: wait");
  if (follower_.caught_up()) return {};
  return fail(ErrorCode::kUnavailable, "the tables of recommendations are being read from the log: wait");
}

}  // namespace doorbuster::recs
