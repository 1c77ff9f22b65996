#include "platform/api/cell_client.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/testing/manual_loop.h"

namespace doorbuster::platform {
namespace {

// Says each number that it is asked for.
struct Echo {
  using Command = int;
  using Reply = int;
};

// Two cells, played by the test.
class CellClientTest : public ::testing::Test {
 protected:
  using Client = CellClient<Echo>;
  static constexpr size_t kCapacity = 300;

  CellClientTest() : owner_(client_.add_owner([this](Client::Answer& answer) { answered_.push_back(answer.reply); })) {
    for (uint32_t cell = 0; cell < 2; ++cell) client_.port(CellId(cell)).attach(asked_[cell]);
    for (uint32_t cell = 0; cell < 2; ++cell) asked_[cell] = [this, cell] { ++flushes_[cell]; };
  }

  bool ask(uint32_t cell, int number) { return client_.submit(CellId(cell), owner_, 0, int{number}); }
  // The cell answers all that lies in its port; how many that was.
  size_t answer(uint32_t cell) {
    Client::Port& port = client_.port(CellId(cell));
    std::vector<int> asked;
    port.take_requests(port.capacity(), [&](Client::Port::Request&& request) { asked.push_back(request.command); });
    for (const int number : asked) port.answer({{0, owner_}, cell::ReplyStatus::kDecided, number});
    port.wake_client();
    loop_.turn();
    return asked.size();
  }

  net::testing::ManualLoop loop_;
  Client client_{loop_, kCapacity, 2};
  uint32_t owner_;
  std::function<void()> asked_[2];
  int flushes_[2] = {0, 0};
  std::vector<int> answered_;
};

TEST_F(CellClientTest, takes_each_command_to_its_cell_at_the_end_of_the_turn) {
  EXPECT_TRUE(ask(0, 1));
  EXPECT_TRUE(ask(1, 2));
  EXPECT_TRUE(ask(1, 3));
  EXPECT_EQ(flushes_[0] + flushes_[1], 0);
  loop_.turn();
  EXPECT_EQ(flushes_[0], 1);
  EXPECT_EQ(flushes_[1], 1);
  EXPECT_EQ(answer(1), 2U);
  EXPECT_EQ(answer(0), 1U);
  EXPECT_EQ(answered_, (std::vector<int>{2, 3, 1}));
  loop_.turn();
  EXPECT_EQ(flushes_[0], 1) << "nothing was asked since";
}

// One cell alone may have all that may be under way, though its port holds half of it.
TEST_F(CellClientTest, shares_what_may_be_under_way_among_the_cells) {
  for (int number = 0; number < static_cast<int>(kCapacity); ++number) ASSERT_TRUE(ask(1, number));
  EXPECT_FALSE(ask(1, 0));
  EXPECT_FALSE(ask(0, 0));
  loop_.turn();
  size_t answered = 0;
  int rounds = 0;
  for (; answered < kCapacity && rounds < 10; ++rounds) answered += answer(1);
  EXPECT_GT(rounds, 1);
  EXPECT_EQ(answered, kCapacity);
  ASSERT_EQ(answered_.size(), kCapacity);
  for (size_t i = 0; i < kCapacity; ++i) EXPECT_EQ(answered_[i], static_cast<int>(i)) << "out of order";
  EXPECT_EQ(client_.under_way(), 0U);
  EXPECT_TRUE(ask(0, 0));
}

TEST_F(CellClientTest, ports_of_many_cells_take_little_more_than_one) {
  EXPECT_EQ(Client::port_capacity(4'096, 1), 4'096U);
  EXPECT_EQ(Client::port_capacity(4'096, 16), 256U);
  EXPECT_EQ(Client::port_capacity(4'096, 255), 128U);
  EXPECT_EQ(Client::port_capacity(64, 16), 64U);
}

}  // namespace
}  // namespace doorbuster::platform
