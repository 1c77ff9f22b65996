#include "links/api/code_maker.h"

#include <string>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/varint.h"

namespace doorbuster::links {
namespace {

void set_code(Link& link, const CodeText& code) { link.code = code_on(domain_in(link.code), view(code)); }

}  // namespace

void CodeMaker::give(Change& claim) const {
  if (by_ == CodesBy::kNumber) return give_by_number(claim);
  set_code(claim.link, code_of_address(claim.link, 0));
  claim.finds_alike = true;
}

bool CodeMaker::has_given(const Change& claim) const {
  return claim.finds_alike || code_in(claim.link.code) == view(cipher_.code_of(claim.link.number));
}

bool CodeMaker::give_next(Change& claim) const {
  const auto index = claim.finds_alike ? index_of(claim.link) : std::nullopt;
  if (!index || *index + 1 == kCodesOfAddress) return false;
  set_code(claim.link, code_of_address(claim.link, *index + 1));
  return true;
}

void CodeMaker::give_by_number(Change& claim) const {
  set_code(claim.link, cipher_.code_of(claim.link.number));
  claim.finds_alike = false;
}

CodeText CodeMaker::code_of_address(const Link& link, uint32_t index) {
  std::vector<std::byte> told;
  ByteWriter writer(told);
  write_text(writer, domain_in(link.code));
  writer.integer(link.owner);
  writer.integer(index);
  const Digest digest = sha256(told, as_bytes(link.long_url));
  return code_in_digits(ByteReader(digest).integer<uint64_t>() % kCodes);
}

std::optional<uint32_t> CodeMaker::index_of(const Link& link) {
  for (uint32_t index = 0; index < kCodesOfAddress; ++index) {
    if (code_in(link.code) == view(code_of_address(link, index))) return index;
  }
  return std::nullopt;
}

}  // namespace doorbuster::links
