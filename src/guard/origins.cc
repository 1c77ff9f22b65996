#include "guard/origins.h"

#include <maxminddb.h>
#include <netinet/in.h>

#include <cstring>

namespace doorbuster::guard {
namespace {

bool is_capital(char letter) { return letter >= 'A' && letter <= 'Z'; }

// What the library looks up: an IPv4 address as such, because not every database has those that are mapped.
sockaddr_storage as_socket_address(const net::PeerAddress& address) {
  sockaddr_storage storage{};
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, address.bytes.data() + 12, sizeof v4.sin_addr);
    std::memcpy(&storage, &v4, sizeof v4);
    return storage;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  std::memcpy(&v6.sin6_addr, address.bytes.data(), sizeof v6.sin6_addr);
  std::memcpy(&storage, &v6, sizeof v6);
  return storage;
}

std::optional<MMDB_entry_s> entry_of(const MMDB_s& database, const net::PeerAddress& address) {
  const sockaddr_storage storage = as_socket_address(address);
  int error = MMDB_SUCCESS;
  const MMDB_lookup_result_s found =
      MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&storage), &error);
  return error == MMDB_SUCCESS && found.found_entry ? std::optional(found.entry) : std::nullopt;
}

std::optional<MMDB_entry_data_s> value_at(MMDB_entry_s entry, const char* const* path, uint32_t type) {
  MMDB_entry_data_s data{};
  const bool is_there = MMDB_aget_value(&entry, &data, path) == MMDB_SUCCESS && data.has_data && data.type == type;
  return is_there ? std::optional(data) : std::nullopt;
}

}  // namespace

std::optional<Country> country_in(std::string_view text) {
  if (text.size() != 2 || !is_capital(text[0]) || !is_capital(text[1])) return std::nullopt;
  return Country{text[0], text[1]};
}

void AddressDatabase::Closer::operator()(MMDB_s* database) const {
  MMDB_close(database);
  delete database;
}

AddressDatabase::AddressDatabase() = default;
AddressDatabase::~AddressDatabase() = default;
AddressDatabase::AddressDatabase(AddressDatabase&&) noexcept = default;
AddressDatabase& AddressDatabase::operator=(AddressDatabase&&) noexcept = default;

Result<AddressDatabase> AddressDatabase::open(const std::string& path) {
  AddressDatabase opened;
  if (path.empty()) return opened;
  auto database = std::make_unique<MMDB_s>();
  const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, database.get());
  if (status == MMDB_SUCCESS) {
    opened.database_.reset(database.release());
    return opened;
  }
  const bool is_missing = status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR;
  return fail(is_missing ? ErrorCode::kNotFound : ErrorCode::kInvalid,
              "the database of addresses '" + path + "' can't be used: " + MMDB_strerror(status) +
                  ". It has to be a file in MaxMind's format (.mmdb)");
}

// GeoIP2 and DB-IP have country.iso_code, IPinfo country, others country_code.
std::optional<Country> AddressDatabase::country_of(const net::PeerAddress& address) const {
  constexpr std::array<std::array<const char*, 3>, 3> kPaths = {
      {{"country", "iso_code", nullptr}, {"country", nullptr, nullptr}, {"country_code", nullptr, nullptr}}};
  const auto entry = database_ ? entry_of(*database_, address) : std::nullopt;
  if (!entry) return std::nullopt;
  for (const auto& path : kPaths) {
    const auto data = value_at(*entry, path.data(), MMDB_DATA_TYPE_UTF8_STRING);
    if (data) return country_in({data->utf8_string, data->data_size});
  }
  return std::nullopt;
}

std::optional<uint32_t> AddressDatabase::system_of(const net::PeerAddress& address) const {
  constexpr std::array<const char*, 2> kPath = {"autonomous_system_number", nullptr};
  const auto entry = database_ ? entry_of(*database_, address) : std::nullopt;
  if (!entry) return std::nullopt;
  const auto data = value_at(*entry, kPath.data(), MMDB_DATA_TYPE_UINT32);
  return data ? std::optional(data->uint32) : std::nullopt;
}

Result<Origins> Origins::make(const OriginDatabases& databases, const NetworkLists& lists) {
  Origins origins;
  origins.countries_ = TRY(AddressDatabase::open(databases.countries));
  origins.systems_ = TRY(AddressDatabase::open(databases.systems));
  origins.networks_ = TRY(NetworkMap::make(lists));
  if (origins.networks_.knows_systems() && databases.systems.empty())
    return fail(ErrorCode::kInvalid,
                "the policy lists autonomous systems, but which one an address belongs to stands in a database: set "
                "guard.network_database to its path");
  return origins;
}

Origin Origins::of(const net::PeerAddress& address) const {
  Origin origin{.country = countries_.country_of(address).value_or(kUnknownCountry), .network = networks_.of(address)};
  if (origin.network != NetworkClass::kUnknown || !networks_.knows_systems()) return origin;
  if (const auto system = systems_.system_of(address)) origin.network = networks_.of_system(*system);
  return origin;
}

}  // namespace doorbuster::guard
