// bench_engine: the engine without HTTP. Prints one line of JSON.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string_view>

#include "engine/benches.h"

namespace doorbuster::bench {
namespace {

struct Flags {
  std::string folder;
  uint64_t count = 1'000'000;
  uint32_t clients = 2;
  uint32_t seconds = 20;
  uint32_t few = 1'000;
  uint32_t cells = 1;
  uint32_t a_second = 5'000;
};

Result<std::string> measure(const CLI::App& line, const Flags& flags) {
  if (line.got_subcommand("decisions")) return measure_decisions(flags.folder, flags.count, flags.clients, flags.cells);
  if (line.got_subcommand("snapshot")) return measure_snapshot(flags.folder, flags.count, flags.a_second);
  if (line.got_subcommand("expiry")) return measure_expiry(flags.folder, flags.count, flags.seconds);
  const auto many = static_cast<uint32_t>(flags.count);
  if (line.got_subcommand("growth")) return measure_growth(flags.few, many);
  return measure_memory(many);
}

}  // namespace
}  // namespace doorbuster::bench

int main(int argc, char** argv) {
  using namespace doorbuster::bench;
  Flags flags;
  CLI::App line("Measures the engine without HTTP.", "bench_engine");
  line.require_subcommand(1);
  for (const char* name : {"decisions", "expiry", "growth", "memory", "snapshot"}) {
    CLI::App* command = line.add_subcommand(name);
    const bool is_large = std::string_view(name) == "snapshot";
    command->add_option("--count", flags.count)->check(CLI::Range(1'000, is_large ? 4'000'000 : 1'900'000));
  }
  for (const char* name : {"decisions", "expiry", "snapshot"})
    line.get_subcommand(name)->add_option("--folder", flags.folder, "an empty one, for the log")->required();
  line.get_subcommand("decisions")->add_option("--clients", flags.clients)->check(CLI::Range(1, 64));
  line.get_subcommand("decisions")->add_option("--cells", flags.cells)->check(CLI::Range(1, 64));
  line.get_subcommand("snapshot")->add_option("--a-second", flags.a_second)->check(CLI::Range(100, 100'000));
  line.get_subcommand("expiry")->add_option("--seconds", flags.seconds)->check(CLI::Range(1, 3'600));
  CLI11_PARSE(line, argc, argv);
  const auto measured = measure(line, flags);
  if (measured) return std::puts(measured->c_str()) < 0 ? 1 : 0;
  std::fprintf(stderr, "bench_engine: %s\n", measured.error().message.c_str());
  return 2;
}
