// doorbuster_null: the HTTP layer with a null engine behind it. Answers every request with 200 and "ok\n", as nginx's
// `return 200 "ok\n"` does: it proves that the protocol is cut from the engine, and what the protocol alone costs.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "base/signal_wait.h"
#include "net/server.h"

namespace {

using namespace doorbuster;
using namespace doorbuster::net;

constexpr Duration kPatience = Duration::seconds(5);
constexpr const char* kUsage =
    "usage: doorbuster_null [--listen ADDRESS:PORT] [--threads N] [--echo]\n"
    "  --echo   answer with the request's method, target and content instead of \"ok\"\n";

class NullHandler final : public Handler {
 public:
  void handle(const Request&, Exchange& exchange) override {
    exchange.respond(Response{.content_type = "text/plain", .body = "ok\n"});
  }
};

// Shows what was understood, for comparing with other servers.
class EchoHandler final : public Handler {
 public:
  void handle(const Request& request, Exchange& exchange) override {
    std::string& body = exchange.scratch();
    body.append(name_of(request.method())).append(" ").append(request.target()).append("\n").append(request.body());
    exchange.respond(Response{.content_type = "text/plain", .body = body});
  }
};

struct Arguments {
  ServerOptions options;
  bool echo = false;
  bool valid = true;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const bool has_value = i + 1 < argc;
    if (name == "--echo") {
      arguments.echo = true;
    } else if (name == "--listen" && has_value) {
      arguments.options.listen = argv[++i];
    } else if (name == "--threads" && has_value) {
      arguments.options.reactors = static_cast<uint32_t>(parse_number(argv[++i]).value_or(0));
    } else {
      arguments.valid = false;
    }
  }
  return arguments;
}

std::unique_ptr<Handler> make_handler(bool echo) {
  if (echo) return std::make_unique<EchoHandler>();
  return std::make_unique<NullHandler>();
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  if (!arguments.valid) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const SignalWait end;
  auto server = Server::start(arguments.options, [&](Loop&) { return make_handler(arguments.echo); });
  if (!server) {
    std::fprintf(stderr, "doorbuster_null: %s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("listening on %s\n", (*server)->address().c_str());
  std::fflush(stdout);
  (void)end.wait();
  (*server)->drain(kPatience);
  return 0;
}
