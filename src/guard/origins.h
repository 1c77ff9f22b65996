// Where an address is, as far as anybody knows: its country, and the class of its network.
//
// By databases in MaxMind's format (MMDB 2.0), of any vendor, that the operator provides, and by lists of networks in
// the policy, which come first. Without either nothing is known, and the country is ZZ.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/assessment.h"
#include "base/result.h"
#include "guard/network_map.h"
#include "net/peer_address.h"

struct MMDB_s;

namespace doorbuster::guard {

struct Origin {
  Country country = kUnknownCountry;
  NetworkClass network = NetworkClass::kUnknown;
};

// "DE"; nothing for what are not two capital letters.
[[nodiscard]] std::optional<Country> country_in(std::string_view text);

// A database in a file, mapped into memory.
class AddressDatabase {
 public:
  AddressDatabase();
  ~AddressDatabase();
  AddressDatabase(AddressDatabase&&) noexcept;
  AddressDatabase& operator=(AddressDatabase&&) noexcept;

  // An empty path: one that knows nothing. kNotFound, kInvalid: the file can't be read, or is no such database.
  [[nodiscard]] static Result<AddressDatabase> open(const std::string& path);

  [[nodiscard]] std::optional<Country> country_of(const net::PeerAddress& address) const;
  // The number of the autonomous system that announces the address.
  [[nodiscard]] std::optional<uint32_t> system_of(const net::PeerAddress& address) const;

 private:
  struct Closer {
    void operator()(MMDB_s* database) const;
  };
  std::unique_ptr<MMDB_s, Closer> database_;
};

struct OriginDatabases {
  std::string countries;  // paths, or empty
  std::string systems;
};

class Origins {
 public:
  Origins() = default;
  [[nodiscard]] static Result<Origins> make(const OriginDatabases& databases, const NetworkLists& lists);

  [[nodiscard]] Origin of(const net::PeerAddress& address) const;

 private:
  AddressDatabase countries_;
  AddressDatabase systems_;
  NetworkMap networks_;
};

}  // namespace doorbuster::guard
