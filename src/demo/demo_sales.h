// The sales of `doorbuster run`.
#pragma once

#include <string>
#include <vector>

#include "demo/demo_http.h"
#include "demo/shop_visit.h"

namespace doorbuster::demo {

struct DemoSale {
  std::string id;
  SaleSeen seen;
  bool is_new = false;
};

// The operator's key that the server's first start wrote. An error says what to do.
[[nodiscard]] Result<std::string> operator_key_of(const std::string& data);

// The codes of the links of a sale, the oldest first. Empty if the server has no short links, or `data` no
// operator.key.
[[nodiscard]] std::vector<std::string> links_of(const std::string& sale, const std::string& operators,
                                                const std::string& data);

// Puts the demo's sales on where they are missing, by the operator's API. `operators` is where operators' calls go,
// `data` the folder with operator.key.
[[nodiscard]] Result<std::vector<DemoSale>> put_on_demo_sales(const std::string& server, const std::string& operators,
                                                              const std::string& data);

}  // namespace doorbuster::demo
