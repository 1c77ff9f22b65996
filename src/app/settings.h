// All settings: the one table from which the file, the flags, `--print-config` and the documentation come.
#pragma once

#include <vector>

#include "app/config.h"
#include "app/setting.h"

namespace doorbuster::app {

// In the order in which they are printed: those without a section first, then section by section.
[[nodiscard]] const std::vector<Setting<Config>>& settings();

// Of each [[webhooks]] and each [[customers.shop_keys]].
[[nodiscard]] const std::vector<Setting<WebhookConfig>>& webhook_settings();
[[nodiscard]] const std::vector<Setting<ShopKeyConfig>>& shop_key_settings();

inline constexpr size_t kMostWebhooks = 32;
inline constexpr size_t kMostShopKeys = 64;

// What holds between settings, in sentences; empty if all is well.
[[nodiscard]] std::vector<std::string> contradictions(const Config& config);

}  // namespace doorbuster::app
