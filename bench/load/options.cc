#include "load/options.h"

#include <CLI/CLI.hpp>

namespace doorbuster::bench {

Result<LoadOptions> parse_load_options(int argc, char** argv) {
  LoadOptions options;
  CLI::App line("A closed loop of kept connections, without pipelining; prints one line of JSON.");
  line.add_option("--port", options.port)->required();
  line.add_option("--connections", options.connections)->check(CLI::Range(1, 4'096));
  line.add_option("--seconds", options.seconds, "no new requests after this time")->check(CLI::Range(0.01, 600.0));
  line.add_option("--requests", options.requests, "nor after so many; 0: no such bound");
  line.add_option("--method", options.method);
  line.add_option("--path", options.path);
  line.add_option("--targets", options.targets, "a file with one path a line: each request takes the next one");
  line.add_option("--tokens", options.tokens, "a file with one bearer token a line: each request takes the next one");
  line.add_option("--skip", options.skip, "so many lines at the beginning are left out");
  line.add_flag("--repeat", options.repeat, "begin again at the end of the lines instead of ending there");
  line.add_option("--expect", options.expect, "the status of a wanted answer");
  line.add_option("--also", options.also, "a status that is counted and no error");
  line.add_option("--body-holds", options.body_holds, "has to be in the body of every wanted answer");
  line.add_option("--bodies", options.bodies, "a file to keep the bodies of wanted answers in, one a line");
  try {
    line.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::kInvalid, std::string(error.what()));
  }
  return options;
}

}  // namespace doorbuster::bench
