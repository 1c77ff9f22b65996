// Which code a link gets that was not given an alias (`links.codes`).
//
// By its number: nobody can guess it, and two links to one address have two codes. By its address: SHA-256 of the
// domain, the owner and the long URL, cut to seven characters, so that who shortens one address again finds the link
// that they have, also where nobody asked for it with find_if_exists; whoever knows these three can tell the code. A
// code that is another link's is passed over: for the next one of that address, and in the end for one by number.
#pragma once

#include "links/machine/code.h"
#include "links/store/link_store.h"

namespace doorbuster::links {

enum class CodesBy : uint8_t { kNumber, kAddress };

class CodeMaker {
 public:
  // The cipher outlives it.
  CodeMaker(const CodeCipher& cipher, CodesBy by) : cipher_(cipher), by_(by) {}

  // To a claim that has its number, and of its code the domain alone.
  void give(Change& claim) const;
  // Whether a claim's code was made here, and not chosen.
  [[nodiscard]] bool has_given(const Change& claim) const;
  // Another one, in place of one that is another link's. False: it takes another number to have one (give_by_number).
  [[nodiscard]] bool give_next(Change& claim) const;
  void give_by_number(Change& claim) const;

 private:
  // So many codes has an address; the chance that all of them are others' is nil before the store is full.
  static constexpr uint32_t kCodesOfAddress = 8;

  [[nodiscard]] static CodeText code_of_address(const Link& link, uint32_t index);
  // Which of its address's codes a link has.
  [[nodiscard]] static std::optional<uint32_t> index_of(const Link& link);

  const CodeCipher& cipher_;
  const CodesBy by_;
};

}  // namespace doorbuster::links
