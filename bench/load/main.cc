// bench_load: asks one server as quickly as N connections can, and says what came back as one line of JSON.
#include <cstdio>

#include "load/client.h"

namespace doorbuster::bench {
namespace {

Result<bool> load(int argc, char** argv) {
  const LoadOptions options = TRY(parse_load_options(argc, argv));
  RequestBook book = TRY(RequestBook::make(options));
  Tally tally(options);
  Client client(options, book, tally);
  TRY(client.connect());
  TRY(client.run());
  std::puts(tally.json().c_str());
  return tally.ok();
}

}  // namespace
}  // namespace doorbuster::bench

int main(int argc, char** argv) {
  const auto loaded = doorbuster::bench::load(argc, argv);
  if (loaded) return *loaded ? 0 : 1;
  std::fprintf(stderr, "bench_load: %s\n", loaded.error().message.c_str());
  return 2;
}
