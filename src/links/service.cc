#include "links/service.h"

#include <utility>

#include "base/this_thread.h"
#include "links/store/memory/memory_link_store.h"
#include "links/store/rocksdb/rocksdb_link_store.h"
#include "links/views/memory/memory_count_store.h"
#include "links/views/rocksdb/rocksdb_count_store.h"

namespace doorbuster::links {
namespace {

constexpr CellId kCell{4'096};  // in the log; the sale's are below
constexpr size_t kCommandsUnderWay = 1'024;
constexpr Duration kLooksForExpired = Duration::millis(500);

cell::CellOptions cell_options(const std::string& owner) {
  cell::CellOptions options;
  options.owner = owner;
  return options;
}

std::unique_ptr<CountStore> count_store(const LinksDeps& deps) {
  if (deps.counts.empty()) return std::make_unique<MemoryCountStore>();
  return std::make_unique<RocksdbCountStore>(RocksdbCountStore::Options{
      .folder = deps.counts, .on_trouble = [&deps](const std::string& trouble) { deps.logger.warning(trouble); }});
}

}  // namespace

std::unique_ptr<Service> Service::make(const LinksSettings& settings, LinksDeps deps) {
  std::unique_ptr<LinkStore> store;
  const Announcing announcing{.kept = settings.events_kept, .clock = &deps.clock};
  if (deps.store.empty()) {
    store = std::make_unique<MemoryLinkStore>(announcing);
  } else {
    store = std::make_unique<RocksdbLinkStore>(
        RocksdbLinkStore::Options{.folder = deps.store,
                                  .cache_bytes = static_cast<size_t>(settings.cache_mebibytes) << 20,
                                  .announcing = announcing});
  }
  return std::unique_ptr<Service>(new Service(settings, std::move(deps), std::move(store)));
}

Service::Service(const LinksSettings& settings, LinksDeps deps, std::unique_ptr<LinkStore> store)
    : settings_(settings),
      deps_(std::move(deps)),
      base_({.base_url = settings.base_url.empty() ? deps_.base_url : settings.base_url,
             .not_found_url = settings.not_found_url},
            settings.domains, settings.report_abuse),
      cipher_(derive_key(deps_.operators.keys.master_key(), "doorbuster link codes v1")),
      codes_(cipher_, settings.codes),
      store_(std::move(store)),
      writer_(*store_, [this](const std::string& trouble) { deps_.logger.error(trouble); }),
      threats_(settings_.threat_lists),
      blocks_(take_downs_, threats_, &destinations_of),
      scanner_({.lists = threats_,
                .store = *store_,
                .writer = writer_,
                .destinations = &destinations_of,
                .clock = deps_.clock,
                .on_trouble = [this](const std::string& trouble) { deps_.logger.warning(trouble); }}),
      bulk_traffic_(deps_.clock),
      traffic_(deps_.clock),
      bulk_maker_(*store_, writer_, codes_, base_, blocks_, visitors_.domains, bulk_traffic_),
      counts_(count_store(deps_), static_cast<size_t>(settings.counts_kibibytes) << 10),
      announcer_(counts_, [this](std::vector<Announcement> announcements,
                                 uint64_t heard) { return writer_.announce(std::move(announcements), heard); }),
      follower_(deps_.log, {kCell}, announcer_,
                {.store = deps_.view_store,
                 .name = "links",
                 .on_trouble = [this](const std::string& trouble) { deps_.logger.warning(trouble); }}),
      feed_(*store_, writer_, base_, [this](const std::string& trouble) { deps_.logger.warning(trouble); }),
      channel_results_([this](std::string_view sale, const std::string& code) {
        const auto link = store_->find(code);  // one that can't be read for a moment is nobody's
        return link && *link && (*link)->sale == sale;
      }),
      channel_follower_(channel_results_,
                        {.store = deps_.view_store,
                         .name = "links-channels",
                         .on_trouble = [this](const std::string& trouble) { deps_.logger.warning(trouble); }}),
      channels_{
          .results = channel_results_, .follower = channel_follower_, .has = deps_.has, .base_url = deps_.base_url},
      robots_(settings_.robots),
      cell_(
          kCell, deps_.log, [] { return std::make_unique<LinksMachine>(); },
          [this](LinksMachine::Publication&& news) { hear(std::move(news)); }, cell_options(deps_.owner)),
      host_(deps_.log, deps_.clock),
      runner_(host_, cell_, probe_,
              {.on_durable =
                   [this](Sequence tail) {
                     tail_.store(tail.value(), std::memory_order_relaxed);
                     follower_.note_durable(kCell, tail);
                   },
               .on_trouble = [this](const std::string& trouble) { deps_.logger.error(trouble); }}) {
  traffic_.add(bulk_traffic_);
  cell_.attach(bulk_maker_.importer().port());
  cell_.on_traced([this](Sequence first, uint32_t count, const TraceContext& trace) {
    follower_.traces(kCell).note(first, count, trace);
  });
}

// Before whoever has asked for it is told, so from then on nobody is sent where they must not.
void Service::hear(LinksMachine::Publication&& news) {
  limited_links_.store(news.limited, std::memory_order_relaxed);
  if (!news.take_downs) return;
  take_downs_.set(*std::move(news.take_downs));
  writer_.have_read_again();
}

Service::Reactor::TurnEnd::TurnEnd(net::Loop& loop, Reactor& reactor) {
  loop.at_turn_end([&reactor] {
    reactor.clicks.flush();
    reactor.changes.flush();
  });
}

Service::Reactor::Reactor(Service& service, net::Loop& loop, platform::Operators served)
    : turn_end(loop, *this),
      cell(loop, kCommandsUnderWay),
      clicks(cell),
      traffic(service.deps_.clock),
      cache(*service.store_, service.writer_, service.blocks_, service.visitors_.domains, service.settings_.cached),
      lookup(cache, service.deps_.gate, traffic, service.base_),
      reader(service.visitors_, service.deps_.gate, service.deps_.operators.keys.master_key()),
      passwords(loop, service.password_worker_),
      redirects(loop, cell, lookup, clicks, reader, passwords, service.deps_.gate, traffic),
      changes(loop, cell, service.writer_, passwords, service.codes_, service.base_, service.visitors_.domains,
              traffic),
      take_downs(loop, cell, service.deps_.clock),
      bulk(loop, cell, service.bulk_maker_),
      texts(loop),
      operators(service.deps_.operators, served),
      callers(operators, *service.store_, service.deps_.gate),
      users(loop, service.writer_),
      erasing(*service.store_, service.writer_, changes, service.departures_),
      live(loop, *service.store_, service.counts_),
      reports(loop, service.writer_, service.reports_, service.deps_.gate) {
  loop.every(LiveClicks::kPeriod, [this] { live.tick(); });
  const bool is_first = service.reactors_.empty();
  if (is_first) {
    loop.every(kLooksForExpired, [&service] {
      if (service.is_started_.load(std::memory_order_acquire)) service.writer_.announce_expired();
    });
  }
  loop.every(Duration::millis(10), [this, is_first, &service] {
    texts.tick();
    if (is_first && service.is_started_.load(std::memory_order_acquire)) erasing.tick();
  });
}

void Service::add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) {
  Reactor& reactor = *reactors_.emplace_back(std::make_unique<Reactor>(*this, loop, operators));
  traffic_.add(reactor.traffic);
  cell_.attach(reactor.cell.port(kLine));
  const LinkStore& store = *store_;
  routes.add(link_routes(),
             LinkParts(reactor.operators, reactor.callers, reactor.users, departures_, reactor.live, reactor.redirects,
                       reactor.reader, reactor.lookup, store, reactor.changes, reactor.bulk, reactor.texts, base_,
                       follower_, counts_, channels_, blocks_, take_downs_, reactor.take_downs, visitors_.domains,
                       robots_, threats_, scanner_, traffic_, reports_, reactor.reports));
}

std::vector<net::LargerBody> Service::larger_bodies() const {
  return {{.path = std::string(kBulkPath), .bytes = kBulkBytesMax},
          {.path = std::string(kImportPath), .bytes = kBulkBytesMax}};
}

Result<platform::Started> Service::start() {
  TRY(base_.check());
  TRY(robots_.check());
  TRY(threats_.load());
  const cell::Recovered recovered = TRY(runner_.claim());
  TRY(open_stores(recovered.lease.tail));
  TRY(begin_to_tell(recovered.lease.tail));
  TRY(reports_.load(*store_));
  for (const auto& [sale, since] : TRY(store_->sales())) channel_results_.open(sale, since);
  tail_.store(recovered.lease.tail.value(), std::memory_order_relaxed);
  follower_.start({recovered.lease.tail});
  writer_.start();
  bulk_maker_.start();
  password_worker_.start();
  scanner_.start();
  host_.start();
  preparing_ = std::thread([this] {
    begin_thread("user-agents");
    visitors_.agents.prepare();
  });
  is_started_.store(true, std::memory_order_release);
  return platform::Started{
      .events = recovered.lease.tail.value(), .replayed = recovered.replayed, .last_time = recovered.last_time};
}

// Together, as both wait for the disk.
Result<void> Service::open_stores(Sequence tail) {
  Result<void> counts;
  std::thread opening([&] {
    begin_thread("links-counts");
    counts = counts_.open(tail);
  });
  Result<void> links = store_->open();
  opening.join();
  return links ? counts : links;
}

// What the log has decided before anybody was to be told is nobody's to tell.
Result<void> Service::begin_to_tell(Sequence tail) {
  const auto heard = TRY(store_->heard_of_log());
  if (!heard || settings_.events_kept == 0) TRY(store_->announce({}, tail.value()));
  announcer_.begin(settings_.events_kept == 0 ? UINT64_MAX : heard.value_or(tail.value()));
  feed_.begin();
  return {};
}

std::vector<platform::DeliverySource*> Service::deliveries() { return {&feed_}; }

void Service::follow(std::vector<std::unique_ptr<platform::DeliverySource>> others) {
  channel_follower_.start(std::move(others));
}

void Service::stop() {
  if (!is_started_.exchange(false)) return;
  channel_follower_.stop();
  password_worker_.stop();
  scanner_.stop();
  bulk_maker_.stop();
  preparing_.join();
  host_.stop();
  follower_.stop();  // it has the writer write what is still to be told
  writer_.stop();
}

Result<void> Service::ready() const {
  if (writer_.has_failed())
    return fail(ErrorCode::kUnavailable, "the store of links has failed: look at the disk, and start again");
  if (probe_.ownership.load(std::memory_order_acquire) == cell::Ownership::kOwner) return {};
  return fail(ErrorCode::kUnavailable, "the log of links is not ours, or still being replayed: wait");
}

void Service::add_count_metrics(ops::Metrics& metrics) {
  metrics.gauge("doorbuster_links_events_behind", "Events of short links that are durable and not counted yet.",
                [this] {
                  const uint64_t heard = follower_.position(kCell).value();  // first: both grow
                  return static_cast<double>(tail_.load(std::memory_order_relaxed) - heard);
                });
  metrics.gauges("doorbuster_links_counted",
                 "Links that were followed, by where their counts are: of those on disk about, and of those in memory "
                 "what came since the last write.",
                 [this](ops::Series& series) {
                   const ClickCounts::Usage usage = counts_.usage();
                   series.add({{"where", "disk"}}, static_cast<double>(usage.store.links));
                   series.add({{"where", "memory"}}, static_cast<double>(usage.recent_links));
                 });
  metrics.gauges("doorbuster_links_counts_bytes",
                 "What counts of clicks take: not written yet, and at most; for what was read and is being written; on "
                 "disk.",
                 [this](ops::Series& series) {
                   const ClickCounts::Usage usage = counts_.usage();
                   series.add({{"what", "recent"}}, static_cast<double>(usage.recent_bytes));
                   series.add({{"what", "recent_most"}}, static_cast<double>(settings_.counts_kibibytes << 10));
                   series.add({{"what", "store"}}, static_cast<double>(usage.store.memory_bytes));
                   series.add({{"what", "disk"}}, static_cast<double>(usage.store.disk_bytes));
                 });
  metrics.counter("doorbuster_links_counts_reads_total", "Records of counts that were read from the store.",
                  [this] { return static_cast<double>(counts_.usage().reads); });
  metrics.counter("doorbuster_links_counts_writes_total", "How often counts were written.",
                  [this] { return static_cast<double>(counts_.usage().writes); });
  metrics.gauge("doorbuster_links_counts_failing",
                "1 when counts can't be written: clicks are in the log, and are counted once the disk is well again.",
                [this] { return counts_.usage().is_failing ? 1.0 : 0.0; });
}

double Service::sum_of(uint64_t (*count)(const Reactor&)) const {
  uint64_t sum = 0;
  for (const auto& reactor : reactors_) sum += count(*reactor);
  return static_cast<double>(sum);
}

void Service::add_abuse_metrics(ops::Metrics& metrics) {
  metrics.gauge("doorbuster_links_taken_down", "Links and domains that are taken down.",
                [this] { return static_cast<double>(take_downs_.page()->all().size()); });
  metrics.gauge("doorbuster_links_reported", "Links that people reported and nobody has dismissed.",
                [this] { return static_cast<double>(reports_.size()); });
  metrics.counters(
      "doorbuster_links_reports_total", "Reports of links since the start: taken, or repeated by the same network.",
      [this](ops::Series& series) {
        series.add({{"result", "taken"}}, sum_of([](const Reactor& one) { return one.reports.taken(); }));
        series.add({{"result", "repeated"}}, sum_of([](const Reactor& one) { return one.reports.repeated(); }));
      });
  metrics.gauge("doorbuster_links_threats", "Hashes, addresses and hosts that the lists of threats name.",
                [this] { return static_cast<double>(threats_.entries()); });
  metrics.gauge("doorbuster_links_threats_skipped", "Lines of the lists of threats that could not be read.",
                [this] { return static_cast<double>(threats_.lines_skipped()); });
  metrics.gauge("doorbuster_links_flagged", "Stored links that a list of threats names, as far as they were looked at.",
                [this] { return static_cast<double>(scanner_.flagged()); });
  metrics.counter("doorbuster_links_scanned_total", "Stored links that were compared with the lists of threats.",
                  [this] { return static_cast<double>(scanner_.scanned()); });
}

void Service::add_metrics(ops::Metrics& metrics) {
  add_count_metrics(metrics);
  add_abuse_metrics(metrics);
  metrics.gauge("doorbuster_links", "Short links that there are.",
                [this] { return static_cast<double>(store_->size()); });
  metrics.gauge("doorbuster_links_limited", "Links whose visits are counted before they are allowed.",
                [this] { return static_cast<double>(limited_links_.load(std::memory_order_relaxed)); });
  traffic_.add_metrics(metrics);
  metrics.counter("doorbuster_links_announced_total", "What there was to tell of links by webhooks, ever.",
                  [this] { return static_cast<double>(feed_.newest()); });
  metrics.counter(
      "doorbuster_links_announcements_missed_total",
      "What was to be told of links and was not kept any more when an endpoint came to it, for each endpoint.",
      [this] { return static_cast<double>(feed_.missed()); });
  metrics.counter("doorbuster_links_created_total", "Links that were created since the start.", [this] {
    return sum_of([](const Reactor& reactor) { return reactor.changes.created(); }) +
           static_cast<double>(bulk_maker_.created());
  });
  metrics.counters(
      "doorbuster_links_clicks_total",
      "Clicks since the start, by what became of them: durable, or lost because the log could not keep "
      "up or failed.",
      [this](ops::Series& series) {
        series.add({{"result", "durable"}}, sum_of([](const Reactor& reactor) { return reactor.clicks.durable(); }));
        series.add({{"result", "lost"}}, sum_of([](const Reactor& reactor) { return reactor.clicks.lost(); }));
      });
  metrics.counters("doorbuster_links_passwords_total",
                   "Passwords that visitors of links gave since the start: right, wrong, or refused because too many "
                   "wrong ones came from the network.",
                   [this](ops::Series& series) {
                     series.add({{"result", "right"}}, password_worker_.right());
                     series.add({{"result", "wrong"}}, password_worker_.wrong());
                     series.add({{"result", "refused"}}, password_worker_.refused());
                   });
  metrics.gauge("doorbuster_links_store_failed",
                "1 when the store of links has failed: nothing can be made or changed until the server is started "
                "again.",
                [this] { return writer_.has_failed() ? 1.0 : 0.0; });
  metrics.gauges("doorbuster_links_store_cache_bytes", "Memory for what the store of links has read from disk.",
                 [this](ops::Series& series) {
                   const LinkStore::Cache cache = store_->cache();
                   series.add({{"what", "used"}}, cache.bytes);
                   series.add({{"what", "most"}}, cache.bytes_max);
                 });
  metrics.gauge("doorbuster_links_channels_events_behind",
                "Events of other services that are not counted for the channels of sales yet, at most.",
                [this] { return static_cast<double>(channel_follower_.events_behind()); });
  metrics.counters(
      "doorbuster_links_lookups_total", "Codes that were asked for, by whether the reactor remembered them.",
      [this](ops::Series& series) {
        series.add({{"cache", "hit"}}, sum_of([](const Reactor& reactor) { return reactor.cache.hits(); }));
        series.add({{"cache", "miss"}}, sum_of([](const Reactor& reactor) { return reactor.cache.misses(); }));
      });
}

}  // namespace doorbuster::links
