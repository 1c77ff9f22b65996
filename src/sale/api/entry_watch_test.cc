// Many who watch their entries at once, through a port that is too narrow for all of them.
#include <set>

#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;

class ManyWatchers : public testing::ApiTest {
 protected:
  static constexpr int kWatchers = 20;

  ManyWatchers() : ApiTest({.requests_a_reactor = 8}) { create(R"("units":1)", "2026-11-27T10:05:00Z"); }

  net::testing::Client watch(const Answer& joined) {
    net::testing::Client client = server_.connect();
    client.send("GET " + entry_path(joined) + "/events?token=" + joined.text("token") +
                " HTTP/1.0\r\nHost: shop.example\r\n\r\n");  // HTTP/1.0: the stream comes without chunks
    return client;
  }

  // Reads until the stream has told a place; -1 if it ends before.
  static int place_told(net::testing::Client& client) {
    constexpr std::string_view kPosition = "\"position\":";
    std::string seen;
    while (true) {
      const std::string more = client.read(1);
      if (more.empty()) return -1;
      seen += more;
      const size_t at = seen.rfind(kPosition);
      if (at == std::string::npos || seen.back() != ',') continue;
      const std::string value = seen.substr(at + kPosition.size());
      if (value != "null," && value.find(',') == value.size() - 1) return std::stoi(value);
    }
  }
};

TEST_F(ManyWatchers, are_all_told_their_place_when_it_is_drawn) {
  std::vector<net::testing::Client> clients;
  for (int i = 0; i < kWatchers; ++i) clients.push_back(watch(join("c" + std::to_string(i))));
  wait(300);
  std::set<int> places;
  for (net::testing::Client& client : clients) places.insert(place_told(client));
  EXPECT_EQ(places.size(), size_t{kWatchers});
  EXPECT_EQ(*places.begin(), 1);
  EXPECT_EQ(*places.rbegin(), kWatchers);
}

TEST_F(ManyWatchers, leave_room_for_requests) {
  std::vector<net::testing::Client> clients;
  for (int i = 0; i < kWatchers; ++i) clients.push_back(watch(join("c" + std::to_string(i))));
  wait(300);
  EXPECT_EQ(reserve("stranger").status, 409);
  EXPECT_EQ(join("late").status, 202);
}

}  // namespace
}  // namespace doorbuster::sale
