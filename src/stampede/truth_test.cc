#include "stampede/truth.h"

#include <gtest/gtest.h>

#include "guard/labelled_decisions.h"

namespace doorbuster::stampede {
namespace {

TEST(Truth, names_people_and_bots_as_the_server_does) {
  const Digest secret = sha256(as_bytes("a secret"));
  const auth::GuestCookies cookies(secret, auth::CookieTransport::kHttp);
  const auth::GuestId guest = auth::GuestCookies::fresh_id();
  Truth truth(secret);
  truth.note_account("alice", false);
  truth.note_guest(std::string(cookies.name()) + "=" + cookies.value(guest), true);
  truth.note_guest("a cookie of somebody else's", true);
  const guard::Labels labels = guard::parse_labels(truth.labels("a drop, seed 7"), "labels.csv").value();
  EXPECT_EQ(labels.simulated_by, "a drop, seed 7");
  const auth::CustomerHasher hasher(secret);
  EXPECT_EQ(labels.is_bot,
            (std::map<uint64_t, bool>{{hasher.of_subject("alice").high, false}, {hasher.of_guest(guest).high, true}}));
}

}  // namespace
}  // namespace doorbuster::stampede
