// States of views as files in a folder, NAME.state each (docs/formats/view-state.md). Killed at any moment, it leaves
// the old state or the new one.
#pragma once

#include <filesystem>

#include "platform/views/state_store.h"

namespace doorbuster::platform {

class FolderStore final : public StateStore {
 public:
  // The folder is made with the first state.
  explicit FolderStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] Result<std::unique_ptr<StateWriter>> write(std::string_view name) override;
  [[nodiscard]] Result<std::unique_ptr<StateReader>> read(std::string_view name) override;
  std::string set_aside(std::string_view name) override;

 private:
  [[nodiscard]] std::filesystem::path path_of(std::string_view name) const;

  const std::filesystem::path folder_;
};

}  // namespace doorbuster::platform
