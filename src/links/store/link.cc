#include "links/store/link.h"

#include <algorithm>

#include "base/siphash.h"
#include "base/varint.h"

namespace doorbuster::links {
namespace {

constexpr uint8_t kFormat = 1;

// Which of the fields that most links do not have are there. They are stored in this order.
enum Present : uint32_t {
  kValidSince = 1,
  kExpiresAt = 2,
  kVisitsMax = 4,
  kTitle = 8,
  kTags = 16,
  kStatus = 32,
  kSale = 64,
  kOwner = 1 << 7,
  kRules = 1 << 8,
  kVariants = 1 << 9,
  kPassword = 1 << 10,
  kForwardQuery = 1 << 11,
  kExternalId = 1 << 12,
};
constexpr uint64_t kKnownFields = 255 | kRules | kVariants | kPassword | kForwardQuery | kExternalId;

uint64_t fields_of(const Link& link) {
  const auto flag = [](bool is_there, Present field) { return is_there ? static_cast<uint64_t>(field) : 0; };
  return flag(link.valid_since.has_value(), kValidSince) | flag(link.expires_at.has_value(), kExpiresAt) |
         flag(link.visits_max.has_value(), kVisitsMax) | flag(!link.title.empty(), kTitle) |
         flag(!link.tags.empty(), kTags) | flag(link.redirect_status != kRedirectStatusDefault, kStatus) |
         flag(!link.sale.empty(), kSale) | flag(link.owner != 0, kOwner) | flag(!link.rules.empty(), kRules) |
         flag(!link.variants.empty(), kVariants) | flag(!link.password_hash.empty(), kPassword) |
         flag(link.forward_query, kForwardQuery) | flag(!link.external_id.empty(), kExternalId);
}

void write_stored_variants(std::vector<std::byte>& out, const std::vector<Variant>& variants) {
  write_varint(out, variants.size());
  for (const Variant& variant : variants) {
    write_text(out, variant.name);
    write_text(out, variant.long_url);
    write_varint(out, variant.weight);
  }
}

std::vector<Variant> read_stored_variants(ByteReader& reader) {
  std::vector<Variant> variants;
  for (uint64_t left = read_varint(reader); left > 0 && reader.ok(); --left) {
    Variant& variant = variants.emplace_back();
    variant.name = read_text(reader);
    variant.long_url = read_text(reader);
    variant.weight = static_cast<uint32_t>(read_varint(reader));
  }
  return variants;
}

}  // namespace

uint32_t variant_key(std::string_view name) {
  const auto key = static_cast<uint32_t>(SipHash(0, 0)(as_bytes(name)));
  return key == kNoVariant || key == kOtherVariants ? 1 : key;
}

std::string destination_of(const Link& link) { return destination_of(link, link.long_url); }

std::string destination_of(const Link& link, std::string_view long_url) {
  if (link.sale.empty()) return std::string(long_url);
  const size_t fragment = std::min(long_url.find('#'), long_url.size());
  std::string destination(long_url.substr(0, fragment));
  destination += destination.find('?') == std::string::npos ? '?' : '&';
  return destination.append("channel=").append(link.code).append(long_url, fragment);
}

std::vector<std::byte> encode_link(const Link& link) {
  std::vector<std::byte> out;
  append_link(out, link);
  return out;
}

void append_link(std::vector<std::byte>& out, const Link& link) {
  const uint64_t fields = fields_of(link);
  out.reserve(link.long_url.size() + 32);
  ByteWriter writer(out);
  writer.integer(kFormat);
  write_varint(out, fields);
  write_varint(out, link.number);
  write_varint(out, static_cast<uint64_t>(link.created_at.micros()));
  write_varint(out, link.version);
  if ((fields & kStatus) != 0) writer.integer(link.redirect_status);
  if ((fields & kValidSince) != 0) writer.integer(link.valid_since->micros());
  if ((fields & kExpiresAt) != 0) writer.integer(link.expires_at->micros());
  if ((fields & kVisitsMax) != 0) write_varint(out, *link.visits_max);
  if ((fields & kTitle) != 0) write_text(out, link.title);
  if ((fields & kTags) != 0) {
    write_varint(out, link.tags.size());
    for (const std::string& tag : link.tags) write_text(out, tag);
  }
  if ((fields & kSale) != 0) write_text(out, link.sale);
  if ((fields & kOwner) != 0) write_varint(out, link.owner);
  if ((fields & kRules) != 0) write_text(out, link.rules);
  if ((fields & kVariants) != 0) write_stored_variants(out, link.variants);
  if ((fields & kPassword) != 0) write_text(out, link.password_hash);
  if ((fields & kExternalId) != 0) write_text(out, link.external_id);
  writer.raw(as_bytes(link.long_url));
}

Result<Link> decode_link(std::string_view code, Bytes stored) {
  ByteReader reader(stored);
  Link link{.code = std::string(code)};
  const auto format = reader.integer<uint8_t>();
  if (format != kFormat) {
    return fail(ErrorCode::kCorrupt, "the link '" + std::string(code) + "' is stored in format " +
                                         std::to_string(format) + ", which this version does not know");
  }
  const uint64_t fields = read_varint(reader);
  if ((fields & ~kKnownFields) != 0) {
    return fail(ErrorCode::kCorrupt, "the link '" + std::string(code) +
                                         "' has fields that this version does not know: a later one stored it");
  }
  link.number = read_varint(reader);
  link.created_at = Timestamp::from_micros(static_cast<int64_t>(read_varint(reader)));
  link.version = static_cast<uint32_t>(read_varint(reader));
  if ((fields & kStatus) != 0) link.redirect_status = reader.integer<uint16_t>();
  if ((fields & kValidSince) != 0) link.valid_since = Timestamp::from_micros(reader.integer<int64_t>());
  if ((fields & kExpiresAt) != 0) link.expires_at = Timestamp::from_micros(reader.integer<int64_t>());
  if ((fields & kVisitsMax) != 0) link.visits_max = read_varint(reader);
  if ((fields & kTitle) != 0) link.title = read_text(reader);
  const uint64_t tags = (fields & kTags) != 0 ? read_varint(reader) : 0;
  for (uint64_t i = 0; i < tags && reader.ok(); ++i) link.tags.emplace_back(read_text(reader));
  if ((fields & kSale) != 0) link.sale = read_text(reader);
  if ((fields & kOwner) != 0) link.owner = read_varint(reader);
  if ((fields & kRules) != 0) link.rules = read_text(reader);
  if ((fields & kVariants) != 0) link.variants = read_stored_variants(reader);
  if ((fields & kPassword) != 0) link.password_hash = read_text(reader);
  link.forward_query = (fields & kForwardQuery) != 0;
  if ((fields & kExternalId) != 0) link.external_id = read_text(reader);
  link.long_url = std::string(as_text(reader.raw(reader.left())));
  if (!reader.ok()) return fail(ErrorCode::kCorrupt, "the link '" + std::string(code) + "' ends in the middle");
  return link;
}

}  // namespace doorbuster::links
