#include "app/data_folder.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "log/rocksdb/identity_file.h"

namespace doorbuster::app {
namespace {

namespace fs = std::filesystem;

fs::path log_folder(const Config& config) { return fs::path(config.data) / "log"; }

bool has_history(const Config& config) {
  constexpr std::array kMadeByServers = {"views", "archive", "webhooks", "webhook-endpoints.json",
                                         "admission-keys.json"};
  const auto is_there = [&](const char* name) { return fs::exists(fs::path(config.data) / name); };
  return log::has_log(log_folder(config)) || std::ranges::any_of(kMadeByServers, is_there);
}

}  // namespace

Result<auth::KeySurroundings> key_surroundings(const Config& config) {
  auth::KeySurroundings around{.has_history = has_history(config), .allow_new = config.keys_allow_new};
  if (config.log.store == Store::kMemory) return around;
  around.must_have_log = true;
  around.has_log = log::has_log(log_folder(config));
  if (const auto identity = TRY(log::read_identity(log_folder(config)))) {
    around.log = identity->id;
    around.log_keys = identity->keys;
  }
  return around;
}

Result<void> bind_keys_and_log(const Config& config, auth::KeyStore& keys) {
  if (config.log.store == Store::kMemory) return {};
  auto identity = TRY(log::read_identity(log_folder(config)));
  if (!identity) {
    identity = log::LogIdentity{.id = {}, .keys = auth::fingerprint_of(keys.master_key())};
    fill_random(identity->id);
    TRY(log::write_identity(log_folder(config), *identity));
  }
  return keys.bind(identity->id);
}

}  // namespace doorbuster::app
