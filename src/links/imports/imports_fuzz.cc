// Whatever a file holds: it is read or refused, in pieces as in one, and what is read of it has no clicks beyond
// bounds.
#include "base/assert.h"
#include "links/imports/foreign_link.h"

namespace doorbuster::links {
namespace {

struct Found {
  std::vector<ImportRow> rows;
  std::vector<std::string> names;
  bool is_refused = false;
};

Found read_in_pieces(Product product, std::string_view file, size_t piece) {
  Found found;
  ImportRows reader(product, [&](ImportRow&& row) { found.rows.push_back(std::move(row)); });
  for (std::string_view rest = file; !rest.empty() && !found.is_refused;
       rest.remove_prefix(std::min(piece, rest.size())))
    found.is_refused = !reader.feed(rest.substr(0, piece));
  found.is_refused = found.is_refused || !reader.finish();
  if (const CsvRecord* head = reader.head()) found.names = head->fields;
  return found;
}

void read_row(Product product, const Found& found, const ImportRow& row) {
  Result<ForeignLink> link = read_foreign_json(product, row.text, {});
  if (!found.names.empty()) {
    const auto columns = ForeignColumns::of(product, found.names);
    if (!columns) return;
    link = columns->read(row.fields, {});
  }
  if (!link) return ASSERT(!link.error().message.empty());
  for (const ImportedDay& day : link->clicks) ASSERT(day.all() <= 2 * uint64_t{kImportedClicksMax});
}

}  // namespace
}  // namespace doorbuster::links

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace doorbuster::links;
  if (size < 2) return 0;
  const auto product = static_cast<Product>(data[0] % kProductNames.size());
  const size_t piece = data[1] % 16 + 1;
  const std::string_view file(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Found whole = read_in_pieces(product, file, size);
  const Found pieces = read_in_pieces(product, file, piece);
  ASSERT(whole.is_refused == pieces.is_refused);
  ASSERT(whole.rows.size() == pieces.rows.size());
  for (size_t i = 0; i < whole.rows.size(); ++i) {
    ASSERT(whole.rows[i].text == pieces.rows[i].text);
    read_row(product, whole, whole.rows[i]);
  }
  return 0;
}
