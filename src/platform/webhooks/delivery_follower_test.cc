#include "platform/webhooks/delivery_follower.h"

#include <gtest/gtest.h>

#include <chrono>

#include "platform/views/memory_store.h"

namespace doorbuster::platform {
namespace {

// A log whose every event is told.
class Source final : public DeliverySource {
 public:
  Source(std::string service, std::atomic<uint64_t>& newest, uint64_t at_start)
      : id_{.service = std::move(service), .cell = 0}, newest_(newest), at_start_(at_start) {}

  [[nodiscard]] const SourceId& id() const override { return id_; }
  [[nodiscard]] uint64_t newest() const override { return newest_; }
  [[nodiscard]] uint64_t tail_at_start() const override { return at_start_; }
  [[nodiscard]] uint64_t read(uint64_t after, const Visit& visit) override {
    for (const uint64_t end = newest_; after < end;) {
      ++after;
      const auto delivery = std::make_shared<const Delivery>(
          Delivery{.sequence = after, .key = {}, .id = {}, .resource = {}, .type = id_.service, .at = {}, .json = {}});
      if (!visit(delivery)) return after;
    }
    return after;
  }
  [[nodiscard]] uint64_t last_before(Timestamp) override { return 0; }
  void on_more(std::function<void()>) override {}

 private:
  const SourceId id_;
  std::atomic<uint64_t>& newest_;
  const uint64_t at_start_;
};

// Adds up the numbers of what it hears.
class Audience final : public DeliveryAudience {
 public:
  [[nodiscard]] bool listens() const override { return listens_; }
  void hear(const Delivery& delivery) override { sums_[delivery.type] += delivery.sequence; }
  [[nodiscard]] std::string state_format() const override { return format_; }
  [[nodiscard]] Result<void> save(StateWriter& out) const override {
    std::vector<std::byte> part;
    ByteWriter writer(part);
    for (const auto& [type, sum] : sums_) {
      writer.text(type);
      writer.integer(sum);
    }
    return part.empty() ? Result<void>() : out.add(part);
  }
  [[nodiscard]] Result<void> load(StateReader& in) override {
    std::vector<std::byte> part;
    if (!TRY(in.next(part))) return {};
    ByteReader reader(part);
    while (!reader.finished() && reader.ok()) {
      const std::string type(reader.text());
      sums_[type] = reader.integer<uint64_t>();
    }
    return {};
  }
  void clear() override { sums_.clear(); }

  std::map<std::string, uint64_t> sums_;
  std::atomic<bool> listens_{true};
  std::string format_ = "sums-1";
};

class DeliveryFollowerTest : public ::testing::Test {
 protected:
  ~DeliveryFollowerTest() override { stop(); }

  void start() {
    follower_ = std::make_unique<DeliveryFollower>(
        audience_,
        DeliveryFollower::Options{
            .store = &states_, .name = "sums", .on_trouble = [this](const std::string& words) { troubles_ += words; }});
    std::vector<std::unique_ptr<DeliverySource>> sources;
    sources.push_back(std::make_unique<Source>("sale", newest_, newest_));
    sources.push_back(std::make_unique<Source>("live", newest_of_other_, newest_of_other_));
    follower_->start(std::move(sources));
  }
  void stop() { follower_.reset(); }
  // As after the end of the process.
  void forget() { audience_.sums_.clear(); }

  uint64_t sum_of(const std::string& type) {
    return follower_->look([&] { return audience_.sums_[type]; });
  }
  bool comes_true(const std::function<bool()>& what) {
    for (int i = 0; i < 5'000; ++i) {
      if (what()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
  bool comes_to(const std::string& type, uint64_t sum) {
    return comes_true([&] { return sum_of(type) == sum; });
  }

  std::atomic<uint64_t> newest_ = 0;
  std::atomic<uint64_t> newest_of_other_ = 0;
  MemoryStore states_;
  std::string troubles_;
  Audience audience_;
  std::unique_ptr<DeliveryFollower> follower_;
};

uint64_t sum_up_to(uint64_t last) { return last * (last + 1) / 2; }

TEST_F(DeliveryFollowerTest, tells_everything_once_however_much_there_is) {
  newest_ = 2'000;
  newest_of_other_ = 3;
  start();
  EXPECT_TRUE(comes_true([&] { return follower_->caught_up(); }));
  EXPECT_EQ(sum_of("sale"), sum_up_to(2'000)) << "caught up says that it has been told";
  EXPECT_TRUE(comes_to("live", 6));
  newest_ = 2'010;
  EXPECT_TRUE(comes_to("sale", sum_up_to(2'010)));
  EXPECT_TRUE(comes_true([&] { return follower_->events_behind() == 0; }));
}

TEST_F(DeliveryFollowerTest, goes_on_after_a_restart_where_it_was) {
  newest_ = 100;
  start();
  ASSERT_TRUE(comes_to("sale", sum_up_to(100)));
  stop();
  forget();
  newest_ = 110;
  start();
  EXPECT_TRUE(comes_to("sale", sum_up_to(110))) << "with what was saved, and nothing of it twice";
  stop();
  states_.lose_all();
  forget();
  start();
  EXPECT_TRUE(comes_to("sale", sum_up_to(110))) << "and without it, from the beginning";
  EXPECT_EQ(troubles_, "");
}

TEST_F(DeliveryFollowerTest, reads_everything_again_where_what_was_saved_does_not_fit) {
  newest_ = 50;
  start();
  ASSERT_TRUE(comes_to("sale", sum_up_to(50)));
  stop();
  forget();
  newest_ = 40;  // another log
  start();
  EXPECT_TRUE(comes_to("sale", sum_up_to(40)));
  EXPECT_NE(troubles_.find("which is not in its log"), std::string::npos) << troubles_;
  stop();
  forget();
  troubles_.clear();
  audience_.format_ = "sums-2";
  start();
  EXPECT_TRUE(comes_to("sale", sum_up_to(40)));
  EXPECT_NE(troubles_.find("sums-1"), std::string::npos) << troubles_;
}

TEST_F(DeliveryFollowerTest, passes_over_what_nobody_listens_to) {
  audience_.listens_ = false;
  newest_ = 1'000;
  start();
  ASSERT_TRUE(comes_true([&] { return follower_->caught_up(); }));
  audience_.listens_ = true;
  newest_ = 1'001;
  EXPECT_TRUE(comes_to("sale", 1'001)) << "that, and nothing before it";
}

}  // namespace
}  // namespace doorbuster::platform
