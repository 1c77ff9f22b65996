// What lies in the data folder before anything is opened, and that keys and log belong together: each start compares
// them before it changes anything, and the first one binds them.
#pragma once

#include "app/config.h"
#include "auth/keys.h"

namespace doorbuster::app {

// What the keys have to fit. Only looks. kCorrupt: the log's identity is damaged; kIo.
[[nodiscard]] Result<auth::KeySurroundings> key_surroundings(const Config& config);

// Once the log is open: it names the keys from now on, and the keys name it. Of a folder of an older release that is
// the first time.
[[nodiscard]] Result<void> bind_keys_and_log(const Config& config, auth::KeyStore& keys);

}  // namespace doorbuster::app
