#include "links/abuse/threat_list.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "base/encoding.h"
#include "links/abuse/url_expressions.h"
#include "net/text.h"

namespace doorbuster::links {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view without_blanks(std::string_view line) {
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line;
}

// What a line of a hosts file begins with: the host stands behind it.
std::string_view without_null_address(std::string_view line) {
  for (const std::string_view address : {"127.0.0.1", "0.0.0.0", "::1", "::"}) {
    if (line.size() > address.size() && line.starts_with(address) && is_blank(line[address.size()]))
      return without_blanks(line.substr(address.size()));
  }
  return line;
}

bool is_hash(std::string_view text) {
  const auto is_hex_digit = [](char c) {
    return (c >= '0' && c <= '9') || (net::to_lower(c) >= 'a' && net::to_lower(c) <= 'f');
  };
  return text.size() % 2 == 0 && text.size() >= 2 * kHashPrefixBytesMin && text.size() <= 2 * kHashBytes &&
         std::ranges::all_of(text, is_hex_digit);
}

std::string_view view_of(const Digest& hash) { return as_text(std::span(hash)); }

// Whether the bytes stand among records of their length.
bool has_record(const std::string& records, std::string_view wanted) {
  size_t begin = 0;
  size_t end = records.size() / wanted.size();
  while (begin < end) {
    const size_t middle = begin + (end - begin) / 2;
    const int order = std::memcmp(records.data() + middle * wanted.size(), wanted.data(), wanted.size());
    if (order == 0) return true;
    (order < 0 ? begin : end) = order < 0 ? middle + 1 : middle;
  }
  return false;
}

}  // namespace

ThreatList ThreatList::read(std::string_view text, std::string name) {
  ThreatList list;
  list.name_ = std::move(name);
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = without_blanks(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || list.read_line(line)) continue;
    if (list.lines_skipped_++ == 0) list.first_skipped_ = number;
  }
  list.sort();
  return list;
}

bool ThreatList::read_line(std::string_view line) {
  if (is_hash(line)) {
    std::array<std::byte, kHashBytes> bytes{};
    const auto hash = std::span(bytes).first(line.size() / 2);
    if (!from_hex(line, hash)) return false;
    add(as_text(hash));
    return true;
  }
  line = without_null_address(line);
  if (std::ranges::any_of(line, is_blank)) return false;
  const auto url = canonical_url(line);
  // A word without a dot is nobody's host out there, but what a table's head looks like.
  if (!url || (url->host.find('.') == std::string::npos && !url->is_address)) return false;
  const Digest hash = sha256(as_bytes(url->host + url->path + url->query));
  add(view_of(hash));
  return true;
}

void ThreatList::sort() {
  for (auto& [length, records] : by_length_) {
    std::vector<std::string> sorted;
    sorted.reserve(records.size() / length);
    for (size_t at = 0; at < records.size(); at += length) sorted.push_back(records.substr(at, length));
    std::ranges::sort(sorted);
    const auto [first, last] = std::ranges::unique(sorted);
    sorted.erase(first, last);
    records.clear();
    for (const std::string& record : sorted) records += record;
    records.shrink_to_fit();
  }
}

Threat ThreatList::find(const std::vector<Digest>& hashes) const {
  Threat worst = Threat::kNone;
  for (const auto& [length, records] : by_length_) {
    for (const Digest& hash : hashes) {
      if (!has_record(records, view_of(hash).substr(0, length))) continue;
      worst = std::max(worst, length == kHashBytes ? Threat::kListed : Threat::kSuspect);
    }
  }
  return worst;
}

size_t ThreatList::entries() const {
  size_t entries = 0;
  for (const auto& [length, records] : by_length_) entries += records.size() / length;
  return entries;
}

std::vector<Digest> threat_hashes(std::string_view long_url) {
  std::vector<Digest> hashes;
  const auto url = canonical_url(long_url);
  if (!url) return hashes;
  for (const std::string& expression : url_expressions(*url)) hashes.push_back(sha256(as_bytes(expression)));
  return hashes;
}

}  // namespace doorbuster::links
