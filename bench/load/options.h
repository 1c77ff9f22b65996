// What the load generator is asked for on its command line.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace doorbuster::bench {

struct LoadOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  uint32_t connections = 64;
  double seconds = 3;     // no new requests after this time
  uint64_t requests = 0;  // nor after so many; 0: no such bound
  std::string method = "GET";
  std::string path = "/";
  std::string targets;     // a file with one path a line, instead of `path`: each request takes the next one
  std::string tokens;      // a file with one bearer token a line: each request takes the next one
  uint64_t skip = 0;       // lines of them at the beginning that are left out
  bool repeat = false;     // begin again at the end of the lines; otherwise the load ends there
  uint32_t expect = 200;   // the status that counts as the wanted answer
  uint32_t also = 0;       // a status that is counted and no error
  std::string body_holds;  // has to be in the body of every wanted answer
  std::string bodies;      // a file to keep the bodies of wanted answers in, one a line
};

[[nodiscard]] Result<LoadOptions> parse_load_options(int argc, char** argv);

}  // namespace doorbuster::bench
