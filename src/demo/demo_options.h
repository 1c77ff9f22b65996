// What the demo's customers need to know.
#pragma once

#include <cstdint>
#include <string>

namespace doorbuster::demo {

struct DemoOptions {
  std::string server = "http://127.0.0.1:8080";
  std::string data = "var/";  // for shop.key
  std::string sale = "demo";
  uint32_t customers = 2'000;
  uint64_t seed = 0;      // 0: a fresh one
  double pace = 1;        // how many times as fast as people the crowd is
  bool quiet = false;     // the crowd tells its end only
  std::string operators;  // where operators' calls go; empty: to the server
  uint32_t shoppers = 200;
  uint32_t seconds = 0;  // how long shoppers browse; 0: until they are ended
};

// One customer buys one unit, telling every request and answer on standard output. The process's exit code.
int demo_buy(const DemoOptions& options);

// Many customers come, as people do: early and late, they queue, reserve, pay, are declined, walk away. Until all of
// them have gone or every unit is sold. The process's exit code.
int demo_crowd(const DemoOptions& options);

// Shoppers browse the demo shop of `doorbuster run --demo-shop`. The process's exit code.
int demo_shoppers(const DemoOptions& options);

}  // namespace doorbuster::demo
