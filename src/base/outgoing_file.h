// A big file that is about to lose its name: opened before, and given back bit by bit behind it.
//
// The kernel frees the blocks of a file in one piece when its last name and the last who has it open are gone. For some
// hundred MiB on ext4 that is 70 ms in which a sync of any other file of the disk may wait (measured; with the option
// `discard`). Freed from its end in small steps it keeps nobody waiting for more than some milliseconds.
#pragma once

#include <filesystem>

namespace doorbuster {

class OutgoingFile {
 public:
  // The file of this name, if there is one.
  explicit OutgoingFile(const std::filesystem::path& path);
  ~OutgoingFile();
  OutgoingFile(const OutgoingFile&) = delete;
  OutgoingFile& operator=(const OutgoingFile&) = delete;

  // Behind the rename or the removal, on a thread that nobody waits for: some half a second a GiB. A file that has a
  // name left is let be. Whoever reads it at this time sees it end early.
  void give_back();

 private:
  int fd_;
};

// Removes a file in this way. What can't be removed stays.
void remove_gently(const std::filesystem::path& path);

}  // namespace doorbuster
