#include "links/api/qr_code.h"

#include <png.h>
#include <qrencode.h>

#include <memory>

namespace doorbuster::links {
namespace {

constexpr std::array kLibraryLevels = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
constexpr int kAnyVersion = 0;  // the smallest that holds the text

struct FreeQrcode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

// The library's state while one picture is written; whatever goes wrong ends in good() saying no.
class PngWriter {
 public:
  explicit PngWriter(std::string& out)
      : out_(out), writer_(png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, ignore)) {
    if (writer_ != nullptr) info_ = png_create_info_struct(writer_);
    if (good()) png_set_write_fn(writer_, &out_, append, nullptr);
  }
  ~PngWriter() { png_destroy_write_struct(&writer_, &info_); }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;

  [[nodiscard]] bool good() const { return writer_ != nullptr && info_ != nullptr; }

  // One bit a pixel, rows of whole bytes. False if the library gave up.
  [[nodiscard]] bool write(uint32_t width, std::vector<png_bytep>& rows) {
    if (setjmp(png_jmpbuf(writer_)) != 0) return false;  // NOLINT: how libpng says that it has failed
    png_set_IHDR(writer_, info_, width, static_cast<png_uint_32>(rows.size()), 1, PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer_, info_);
    png_write_image(writer_, rows.data());
    png_write_end(writer_, nullptr);
    return true;
  }

 private:
  static void append(png_structp writer, png_bytep bytes, png_size_t count) {
    static_cast<std::string*>(png_get_io_ptr(writer))->append(reinterpret_cast<const char*>(bytes), count);
  }
  static void ignore(png_structp, png_const_charp) {}

  std::string& out_;
  png_structp writer_;
  png_infop info_ = nullptr;
};

}  // namespace

Result<QrCode> QrCode::of(std::string_view text, QrLevel level) {
  const std::unique_ptr<QRcode, FreeQrcode> code(
      QRcode_encodeString8bit(std::string(text).c_str(), kAnyVersion, kLibraryLevels[static_cast<size_t>(level)]));
  if (code == nullptr) return fail(ErrorCode::kInvalid, "the address is longer than a QR code of this level can hold");
  const auto side = static_cast<uint32_t>(code->width);
  std::vector<bool> dark(size_t{side} * side);
  for (size_t i = 0; i < dark.size(); ++i) dark[i] = (code->data[i] & 1) != 0;
  return QrCode(side, std::move(dark));
}

bool QrCode::is_dark_with_quiet(uint32_t x, uint32_t y) const {
  const bool is_inside = x >= kQuiet && y >= kQuiet && x - kQuiet < side_ && y - kQuiet < side_;
  return is_inside && is_dark(x - kQuiet, y - kQuiet);
}

std::string QrCode::svg() const {
  const std::string size = std::to_string(side_ + 2 * kQuiet);
  std::string text = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + size + " " + size +
                     R"(" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h)" + size + "v" + size +
                     "H0z\"/><path d=\"";
  for (uint32_t y = 0; y < side_; ++y) {
    for (uint32_t x = 0; x < side_;) {
      const uint32_t begin = x;
      while (x < side_ && is_dark(x, y)) ++x;
      if (x > begin) {
        text += "M" + std::to_string(begin + kQuiet) + " " + std::to_string(y + kQuiet) + "h" +
                std::to_string(x - begin) + "v1h-" + std::to_string(x - begin) + "z";
      } else {
        ++x;
      }
    }
  }
  return text + "\"/></svg>\n";
}

Result<std::string> QrCode::png(uint32_t scale) const {
  const uint32_t side = (side_ + 2 * kQuiet) * scale;
  const size_t row_bytes = (side + 7) / 8;
  std::vector<uint8_t> pixels(row_bytes * side, 0xFF);  // white
  std::vector<png_bytep> rows;
  for (uint32_t y = 0; y < side; ++y) {
    uint8_t* row = &pixels[y * row_bytes];
    rows.push_back(row);
    for (uint32_t x = 0; x < side; ++x) {
      if (is_dark_with_quiet(x / scale, y / scale)) row[x / 8] &= static_cast<uint8_t>(~(0x80U >> (x % 8)));
    }
  }
  std::string out;
  PngWriter writer(out);
  if (!writer.good() || !writer.write(side, rows)) return fail(ErrorCode::kIo, "the picture can't be made");
  return out;
}

}  // namespace doorbuster::links
