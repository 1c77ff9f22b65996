#include "recs/evaluation/line_reader.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

namespace doorbuster::recs {
namespace {

constexpr size_t kReadBytes = size_t{1} << 18;

}  // namespace

void LineReader::Close::operator()(gzFile_s* file) const { gzclose_r(file); }

Result<LineReader> LineReader::open(const std::string& path) {
  std::unique_ptr<gzFile_s, Close> file(gzopen(path.c_str(), "rb"));
  if (!file) return fail(ErrorCode::kNotFound, "'" + path + "' can't be read: " + std::strerror(errno));
  return LineReader(path, std::move(file));
}

tl::unexpected<Error> LineReader::wrong(const std::string& what) const {
  return fail(ErrorCode::kInvalid, path_ + ":" + std::to_string(line_) + ": " + what);
}

Result<bool> LineReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + kReadBytes) buffer_.resize(std::max(end_ + kReadBytes, 2 * buffer_.size()));
  const int got = gzread(file_.get(), buffer_.data() + end_, kReadBytes);
  int code = Z_OK;
  const char* words = gzerror(file_.get(), &code);
  if (got < 0 || (got == 0 && code != Z_OK && code != Z_STREAM_END))
    return fail(
        code == Z_ERRNO ? ErrorCode::kIo : ErrorCode::kCorrupt,
        path_ + ": after line " + std::to_string(line_) + ": " + (code == Z_ERRNO ? std::strerror(errno) : words));
  end_ += static_cast<size_t>(got);
  return got > 0;
}

Result<std::optional<std::string_view>> LineReader::next() {
  size_t seen = begin_;
  while (true) {
    const void* found = end_ > seen ? std::memchr(buffer_.data() + seen, '\n', end_ - seen) : nullptr;
    size_t end = found != nullptr ? static_cast<size_t>(static_cast<const char*>(found) - buffer_.data()) : end_;
    if (found == nullptr) {
      seen = end_ - begin_;  // fill() moves what is left to the front
      if (seen > kLineBytesMax)
        return fail(ErrorCode::kLimit, path_ + ":" + std::to_string(line_ + 1) + ": longer than " +
                                           std::to_string(kLineBytesMax) + " bytes");
      if (TRY(fill())) continue;
      if (begin_ == end_) return std::nullopt;
      end = end_;
    }
    std::string_view text(buffer_.data() + begin_, end - begin_);
    begin_ = std::min(end + 1, end_);
    ++line_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
  }
}

}  // namespace doorbuster::recs
