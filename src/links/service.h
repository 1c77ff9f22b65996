// Short links as a service of the platform: a store of links with its writer, a cell for what has to be decided and for
// clicks, a view that counts them, and the calls.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cell/cell.h"
#include "cell/host.h"
#include "links/api/link_calls.h"
#include "links/api/link_feed.h"
#include "links/api/redirects.h"
#include "links/settings.h"
#include "links/store/link_writer.h"
#include "links/views/announcer.h"
#include "ops/logging.h"
#include "platform/service.h"
#include "platform/views/state_store.h"

namespace doorbuster::links {

// What short links need of the process they are in; all of it outlives the service.
struct LinksDeps {
  log::Log& log;
  platform::OperatorAccess& operators;
  platform::Gate& gate;
  const Clock& clock;
  const ops::Logger& logger;
  platform::StateStore* view_store = nullptr;  // null: the view is built anew at each start
  std::filesystem::path store;                 // the folder of the links; empty: they are kept in memory
  std::filesystem::path counts;                // the folder of what is counted of clicks; likewise
  std::string owner = {};                      // what the log's table of cells calls this process
  std::string base_url;                        // as visitors reach this server, without a slash at its end
  // Whether some service has something at this address of the API.
  std::function<bool(std::string_view)> has = [](std::string_view) { return false; };
};

class Service final : public platform::Service {
 public:
  [[nodiscard]] static std::unique_ptr<Service> make(const LinksSettings& settings, LinksDeps deps);
  ~Service() override { stop(); }

  [[nodiscard]] std::string_view name() const override { return LinksMachine::kKind; }
  void add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) override;
  [[nodiscard]] std::vector<net::LargerBody> larger_bodies() const override;
  [[nodiscard]] Result<platform::Started> start() override;
  void stop() override;
  void follow(std::vector<std::unique_ptr<platform::DeliverySource>> others) override;
  [[nodiscard]] std::vector<platform::DeliverySource*> deliveries() override;
  [[nodiscard]] Result<void> ready() const override;
  void add_metrics(ops::Metrics& metrics) override;

 private:
  // What one reactor has.
  struct Reactor {
    Reactor(Service& service, net::Loop& loop, platform::Operators operators);

    // The first, because hooks of the turn's end are called in the order in which they were added: this one asks, and
    // the cell's sends what was asked.
    struct TurnEnd {
      TurnEnd(net::Loop& loop, Reactor& reactor);
    } turn_end;
    LinksClient cell;
    ClickRecorder clicks;
    LinkTraffic traffic;
    LinkCache cache;
    LinkLookup lookup;
    ClickReader reader;
    PasswordQueue passwords;
    Redirects redirects;
    LinkChanges changes;
    TakeDownChanges take_downs;
    BulkLinks bulk;
    platform::TextStream texts;
    platform::OperatorAuthenticator operators;
    LinkCallers callers;
    UserChanges users;
    UserErasing erasing;
    LiveClicks live;
    ReportChanges reports;
  };

  Service(const LinksSettings& settings, LinksDeps deps, std::unique_ptr<LinkStore> store);
  void hear(LinksMachine::Publication&& news);
  [[nodiscard]] Result<void> open_stores(Sequence tail);
  [[nodiscard]] Result<void> begin_to_tell(Sequence tail);
  void add_count_metrics(ops::Metrics& metrics);
  void add_abuse_metrics(ops::Metrics& metrics);
  [[nodiscard]] double sum_of(uint64_t (*count)(const Reactor&)) const;

  const LinksSettings settings_;
  const LinksDeps deps_;
  const LinkBase base_;
  const CodeCipher cipher_;
  const CodeMaker codes_;
  const std::unique_ptr<LinkStore> store_;
  LinkWriter writer_;
  PasswordWorker password_worker_;
  TakeDowns take_downs_;
  ThreatLists threats_;
  AbuseReports reports_;
  const Blocks blocks_;
  ThreatScanner scanner_;
  const VisitorKnowledge visitors_;
  LinkTraffic bulk_traffic_;
  AllTraffic traffic_;
  BulkMaker bulk_maker_;
  std::atomic<uint64_t> limited_links_{0};
  std::atomic<uint64_t> tail_{0};  // of the durable log
  Departures departures_;
  ClickCounts counts_;
  Announcer announcer_;
  platform::Follower follower_;
  LinkFeed feed_;
  ChannelResults channel_results_;
  platform::DeliveryFollower channel_follower_;
  const Channels channels_;
  const Robots robots_;
  cell::Cell<LinksMachine> cell_;
  cell::CellProbe probe_;
  cell::Host host_;
  cell::CellRunner runner_;
  std::vector<std::unique_ptr<Reactor>> reactors_;
  std::thread preparing_;
  std::atomic<bool> is_started_{false};
};

}  // namespace doorbuster::links
