// Reads a text file line by line, plain or gzip (told by its first bytes, RFC 1952), and says in every error in which
// line it was.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct gzFile_s;

namespace doorbuster::recs {

inline constexpr size_t kLineBytesMax = size_t{16} << 20;

class LineReader {
 public:
  // kNotFound if it can't be read.
  [[nodiscard]] static Result<LineReader> open(const std::string& path);

  // Without its end of line (LF or CRLF); valid until the next call. None at the end of the file. kLimit if a line is
  // longer than kLineBytesMax, kCorrupt if the gzip stream is.
  [[nodiscard]] Result<std::optional<std::string_view>> next();

  // Of what next() gave, from 1.
  [[nodiscard]] size_t line() const { return line_; }
  // kInvalid: "FILE:LINE: what".
  [[nodiscard]] tl::unexpected<Error> wrong(const std::string& what) const;

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };
  LineReader(std::string path, std::unique_ptr<gzFile_s, Close> file)
      : path_(std::move(path)), file_(std::move(file)) {}
  // False at the end of the file.
  [[nodiscard]] Result<bool> fill();

  std::string path_;
  std::unique_ptr<gzFile_s, Close> file_;
  std::vector<char> buffer_;  // [begin_, end_) is read and not yet given out
  size_t begin_ = 0, end_ = 0;
  size_t line_ = 0;
};

// The parts of a line between spaces (or commas, ...), without empty ones; `visit(std::string_view)`.
template <class Visit>
void each_word(std::string_view line, char separator, Visit&& visit) {
  while (!line.empty()) {
    const size_t end = std::min(line.find(separator), line.size());
    if (end > 0) visit(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
}

}  // namespace doorbuster::recs
