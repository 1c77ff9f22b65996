// Who comes when, with what: worked out before the first request, from the scenario and the seed alone. What a client
// finds at the server changes what they do next, and never when somebody else comes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "stampede/profiles.h"
#include "stampede/scenario.h"

namespace doorbuster::stampede {

// One client, before anything has happened to them.
struct Visitor {
  uint32_t cohort = 0;
  uint32_t number = 0;  // in their cohort
  Duration arrives;     // after the opening; before it, where negative
  uint64_t seed = 0;    // of all that they do
  bool has_account = false;
  uint32_t account_age_days = 0;
  uint32_t instrument = 0;  // of the cohort's
  Profile profile = Profile::kChromiumDesktop;
  bool shows_page = false;
  bool pays = false;
  bool returns = false;
  bool leaks = false;
  uint32_t derivations_per_second = 0;  // of their device
  bool operator==(const Visitor&) const = default;
};

[[nodiscard]] std::vector<Visitor> make_schedule(const Scenario& scenario, uint64_t seed);

// How long before the opening the first of them comes; nothing if all come later.
[[nodiscard]] Duration time_before_opening(const std::vector<Visitor>& visitors);

// The addresses of the cohorts, in 127.0.0.0/8: no two cohorts share a network of 256.
class AddressBook {
 public:
  explicit AddressBook(const Scenario& scenario);

  // Addresses of a cohort are numbered from 0. This is the number of the one that a client begins with (choice = 0), or
  // can move to. In a cohort with more addresses than clients they have some each; otherwise they share.
  [[nodiscard]] uint32_t number_of(uint32_t cohort, uint32_t client, uint32_t choice) const;
  // How many a client can choose from.
  [[nodiscard]] uint32_t choices(uint32_t cohort) const;
  [[nodiscard]] uint32_t address_of(uint32_t cohort, uint32_t number) const;

  // What a cohort's clients tell each other: that an address is refused until then, and which are not.
  void is_refused(uint32_t cohort, uint32_t number, Timestamp until);
  [[nodiscard]] bool is_free(uint32_t cohort, uint32_t number, Timestamp now) const;

 private:
  struct Block {
    uint32_t first_network = 0;
    uint32_t networks = 0;
    uint32_t addresses = 0;
    uint32_t clients = 0;
    std::vector<Timestamp> refused_until;  // by the address's number
  };
  std::vector<Block> blocks_;
};

}  // namespace doorbuster::stampede
