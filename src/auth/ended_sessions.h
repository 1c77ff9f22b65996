// The operators' sessions that somebody has logged out of: their cookies are good no more, also after a restart.
//
// At most 4,096 are kept by their names. Beyond that those whose cookies end first make room, and every session that
// ends no later is over with them: nobody gets a session back by the number of those that came after, nor by a clock
// that was wrong for a while. docs/formats/keys.md has the file.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace doorbuster::auth {

class EndedSessions {
 public:
  using Nonce = std::array<std::byte, 16>;

  // Kept in memory only.
  EndedSessions() = default;
  // Reads the file if there is one. kInvalid names it, and what to do.
  [[nodiscard]] static Result<std::unique_ptr<EndedSessions>> open(const std::filesystem::path& file);

  // Counts at once, whatever is returned. An error: a restart would not know it.
  [[nodiscard]] Result<void> add(const Nonce& nonce, Timestamp expires_at);
  [[nodiscard]] bool contains(const Nonce& nonce, Timestamp expires_at) const;

 private:
  static constexpr size_t kMax = 4'096;

  Result<void> read(std::string_view text);
  [[nodiscard]] std::string text() const;

  std::filesystem::path file_;  // empty: in memory only
  mutable std::mutex mutex_;
  std::map<Nonce, Timestamp> ended_;  // under mutex_; until when the cookie would be good
  Timestamp all_until_;               // under mutex_; sessions that expire till then are over
};

}  // namespace doorbuster::auth
