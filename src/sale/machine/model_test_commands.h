// Random commands for the model test: what customers, operators and payment providers might ask, sensible or not.
#pragma once

#include <string>
#include <vector>

#include "base/prng.h"
#include "sale/machine/command.h"

namespace doorbuster::sale {

// What a run is about. Weights are relative.
struct Profile {
  std::string name;
  uint32_t units_most = 3;
  uint32_t customers = 6;
  bool passes = false;   // each sale is a pass, or nearly
  bool beacons = false;  // most draws wait for one
  bool queues = false;   // else each sale has a queue or not, by chance
  int reserve = 10;
  int line = 10;  // join, leave
  int payment = 10;
  int operators = 2;
  Duration longest_step = Duration::seconds(120);
  Duration notice = {};  // about so long before its opening a sale is made
};

// What has been made so far, so that commands can be about it.
struct Known {
  uint32_t sales = 0;
  std::vector<HoldNumber> holds;
  std::vector<SaleNumber> sales_of_holds;
  std::vector<EntryNumber> entries;
  std::vector<TermsTag> terms;  // that some sale has, or has had
};

class Commands {
 public:
  Commands(const Profile& profile, Prng& random) : profile_(profile), random_(random) {}

  Command next(const Known& known, Timestamp now);
  [[nodiscard]] CreateSale create(Timestamp now);

 private:
  Command of_customer(const Known& known);
  Command of_line(const Known& known);
  Command of_payment(const Known& known);
  Command of_operator(const Known& known, Timestamp now);
  [[nodiscard]] std::unique_ptr<Beacon> beacon(const Settings& settings);
  [[nodiscard]] SettingsPatch patch(Timestamp now);
  [[nodiscard]] ChangeSale change(const Known& known, Timestamp now);

  uint32_t below(uint64_t bound) { return static_cast<uint32_t>(random_.below(bound)); }
  uint32_t from_one_to(uint32_t most) { return 1 + below(most); }
  // Whole milliseconds: that is all the reference knows.
  Timestamp moment_near(Timestamp now);
  SaleNumber some_sale(const Known& known) {
    return SaleNumber(below(known.sales + (known.sales == 0 || random_.chance(30) ? 1 : 0)));
  }
  CustomerHash someone();
  // Every other customer is a guest.
  static CustomerKind kind_of(const CustomerHash& customer) {
    return customer.high % 2 == 0 ? CustomerKind::kGuest : CustomerKind::kOfShop;
  }
  std::optional<CustomerHash> someone_or_operator();
  Idempotency some_key();
  // What is asked for in most sales, and something else.
  Money some_money() {
    if (random_.chance(8)) return {1, Currency("EUR")};
    return random_.chance(2) ? Money{100, Currency("EUR")} : Money{0, Currency("XXX")};
  }
  std::string some_reference() { return random_.chance(5) ? "another" : "s"; }
  SaleNumber sale_of(const Known& known, HoldNumber hold);
  // Seldom much, so that a bound is met by many.
  Annotations some_annotations();
  Assessment some_assessment();
  Cause some_cause() { return {"op", "reason", some_key()}; }
  template <class Number>
  Number some(const std::vector<Number>& numbers);

  const Profile& profile_;
  Prng& random_;
};

}  // namespace doorbuster::sale
