#include "recs/api/answer_ids.h"

#include <array>

#include "base/crypto.h"

namespace doorbuster::recs {
namespace {

SipHash fresh_cipher() {
  std::array<std::byte, 16> key;
  fill_random(key);
  return SipHash(Bytes(key));
}

}  // namespace

AnswerIds::AnswerIds(GivenAnswers& given) : given_(given), cipher_(fresh_cipher()) {}

}  // namespace doorbuster::recs
