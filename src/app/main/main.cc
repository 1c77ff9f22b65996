#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "app/commands.h"
#include "app/suggest.h"
#include "base/large_blocks.h"
#include "base/out_of_memory.h"
#include "demo/commands.h"

int main(int argc, char** argv) {
  doorbuster::return_large_blocks();
  doorbuster::set_advice_when_out_of_memory(
      "give it more (ulimit -v, ulimit -u, the container's limits), or lower cells, limits.holds, limits.entries, "
      "limits.ring_commands, threads.reactors or http.max_connections, then restart");
  doorbuster::end_in_words_when_out_of_memory();
  // Models are learnt on as many threads as recs.training_threads says; OpenBLAS would start one a core when it is
  // loaded, which nothing uses. To be said while there is one thread only.
  ::setenv("OPENBLAS_NUM_THREADS", "1", 1);
  CLI::App line("Doorbuster sells a limited stock to a stampede, fairly, and never one unit too many.", "doorbuster");
  line.set_version_flag("--version", DOORBUSTER_VERSION);
  line.require_subcommand(0, 1);  // none is answered below, with more help than a bare refusal
  const std::vector<doorbuster::app::Run> commands = {
      doorbuster::app::add_run(line),     doorbuster::demo::add_demo(line),    doorbuster::app::add_serve(line),
      doorbuster::app::add_sandbox(line), doorbuster::app::add_token(line),    doorbuster::app::add_verify(line),
      doorbuster::app::add_guard(line),   doorbuster::app::add_stampede(line), doorbuster::app::add_links(line),
      doorbuster::app::add_recs(line)};
  try {
    line.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = line.exit(error);
    if (code != 0) std::fputs(doorbuster::app::suggestions(line).c_str(), stderr);
    return code;
  }
  for (const auto& run : commands) {
    if (const int code = run(); code >= 0) return code;
  }
  std::fputs("doorbuster: say what to do. `doorbuster run` is the way to begin.\n\n", stderr);
  std::fputs(line.help().c_str(), stderr);
  return 2;
}
