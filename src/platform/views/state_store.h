// Where views keep what they know, so that a start need not hear all history again: named states, each a row of parts
// that is replaced as a whole or not at all.
//
// Nothing in a store is a truth of its own: a state that is lost or damaged is made anew from the log. Two stores pass
// the same tests: FolderStore keeps files (docs/formats/view-state.md), MemoryStore is for tests and the simulator.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace doorbuster::platform {

// The largest part. A state has as many as it needs.
inline constexpr size_t kStatePartBytesMax = size_t{8} << 20;

// Writes one state. Destroyed without commit(), nothing has happened.
class StateWriter {
 public:
  virtual ~StateWriter() = default;
  // 1 to kStatePartBytesMax bytes, asserted. An error ends it.
  [[nodiscard]] virtual Result<void> add(Bytes part) = 0;
  // Replaces what had this name, durably and atomically. Once.
  [[nodiscard]] virtual Result<void> commit() = 0;
};

class StateReader {
 public:
  virtual ~StateReader() = default;
  // Replaces `part` by the next one; false: there was none left, and all of them are what was written. kCorrupt: they
  // are not, and those that came before are worthless too. Not to be called after either.
  [[nodiscard]] virtual Result<bool> next(std::vector<std::byte>& part) = 0;
};

// Different names may be used by different threads at the same time.
class StateStore {
 public:
  virtual ~StateStore() = default;
  // A name is made of letters, digits, '-' and '_', asserted.
  [[nodiscard]] virtual Result<std::unique_ptr<StateWriter>> write(std::string_view name) = 0;
  // Null if there is none.
  [[nodiscard]] virtual Result<std::unique_ptr<StateReader>> read(std::string_view name) = 0;
  // Moves it out of the way, so that it is not read again; it is kept for a look until the next one is set aside. Says
  // where it lies. Nothing happens if there is none.
  virtual std::string set_aside(std::string_view name) = 0;
};

}  // namespace doorbuster::platform
