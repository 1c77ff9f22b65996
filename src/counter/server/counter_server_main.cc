// doorbuster_counter_server: a server of the counters alone. It proves that the platform stands without a line of the
// sale, and is where to look for what a new service needs.
//
//   doorbuster_counter_server FOLDER [LISTEN]        curl -d '{"add":1}' http://127.0.0.1:8081/api/v1/counters/visits
#include <cstdio>
#include <string>

#include "base/signal_wait.h"
#include "counter/service.h"
#include "log/rocksdb/rocksdb_log.h"
#include "net/server.h"
#include "platform/views/folder_store.h"

namespace {

using namespace doorbuster;

Result<void> serve(const std::string& folder, const std::string& listen) {
  const SignalWait end;
  const SystemClock clock;
  const auto log = TRY(log::RocksdbLog::start({.directory = folder + "/log"}));
  platform::FolderStore views(folder + "/views");
  platform::OpenGate gate;
  counter::CounterService service({}, {.log = *log, .clock = clock, .gate = gate, .views = &views});
  const auto server = TRY(net::Server::start({.listen = listen, .reactors = 2}, [&](net::Loop& loop) {
    platform::Routes routes;
    service.add_routes(routes, loop, platform::Operators::kServed);
    return std::make_unique<platform::RoutedHandler>(std::move(routes), clock);
  }));
  const platform::Started started = TRY(service.start());
  std::printf("counting at http://%s, %llu events so far\n", server->address().c_str(),
              static_cast<unsigned long long>(started.events));
  std::fflush(stdout);
  (void)end.wait();
  server->drain(Duration::seconds(5));
  service.stop();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fputs("usage: doorbuster_counter_server FOLDER [ADDRESS:PORT]   (127.0.0.1:8081 without it)\n", stderr);
    return 2;
  }
  const auto done = serve(argv[1], argc == 3 ? argv[2] : "127.0.0.1:8081");
  if (!done) std::fprintf(stderr, "doorbuster_counter_server: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
