// What the demo's customers need to know.
#pragma once

#include <cstdint>
#include <string>

namespace doorbuster::app {

struct DemoOptions {
  std::string server = "http://127.0.0.1:8080";
  std::string data = "var/";  // for shop.key
  std::string sale = "demo";
  uint32_t customers = 2'000;
  uint64_t seed = 0;  // 0: a fresh one
};

// One customer buys one unit, telling every request and answer on standard output. The process's exit code.
int demo_buy(const DemoOptions& options);

// Many customers come at once: they queue, reserve, pay, are declined, walk away. The process's exit code.
int demo_crowd(const DemoOptions& options);

}  // namespace doorbuster::app
