#include "sale/views/archived_sales.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "platform/views/memory_store.h"
#include "sale/views/views_test_history.h"

namespace doorbuster::sale {
namespace {

using Ready = ArchivedSales::Ready;

std::vector<std::byte> bytes_of(const platform::MemoryStore::Parts& parts) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  for (const auto& part : parts) {
    writer.integer(static_cast<uint32_t>(part.size()));
    writer.raw(part);
  }
  return bytes;
}

// All that views say of a sale.
std::vector<std::byte> said_of(const Views& views, SaleNumber sale) {
  platform::MemoryStore store;
  const auto writer = store.write("said");
  StateSaver saver(**writer);
  views.look(sale, [&](const SaleViews& each) {
    for (const Projection* projection : each.all()) projection->save_sale(sale, saver);
  });
  EXPECT_TRUE(saver.finish().has_value() && (*writer)->commit().has_value());
  return bytes_of(store.states()["said"]);
}

class Archive : public ::testing::Test {
 protected:
  // With the same history, views that archive and views that keep everything.
  [[nodiscard]] ViewsOptions options(platform::StateStore* archive, platform::StateStore* store = nullptr) {
    return {.store = store, .archive = archive, .on_trouble = [this](const std::string& trouble) {
              troubles_.push_back(trouble);
            }};
  }
  void hear_up_to(Views& views, Sequence tail) {
    views.follower().note_durable(kCell, tail);
    while (views.follower().turn()) {
    }
    ASSERT_EQ(views.position(), tail);
  }

  History history_;
  platform::MemoryStore archive_;
  std::vector<std::string> troubles_;
};

TEST_F(Archive, takes_a_sale_out_of_the_views_and_says_the_same_of_it) {
  Views kept(history_.log(), kCell, plain_entry_name, {}, options(nullptr));
  Views views(history_.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(kept, history_.tail());
  hear_up_to(views, history_.tail());
  EXPECT_TRUE(views.archived().is_filed(kQueue));
  EXPECT_FALSE(views.archived().is_filed(kDraw));
  EXPECT_EQ(archive_.states().size(), 1U);
  EXPECT_TRUE(archive_.states().contains("sale-1"));
  EXPECT_EQ(said_of(views, kQueue), said_of(kept, kQueue));
  EXPECT_EQ(said_of(views, kDraw), said_of(kept, kDraw));
  EXPECT_EQ(kept.archived().find(kQueue), nullptr);
}

TEST_F(Archive, has_a_card_with_what_everybody_may_read) {
  Views views(history_.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(views, history_.tail());
  EXPECT_EQ(views.archived().card(kDraw), nullptr);
  const auto card = views.archived().card(kQueue);
  ASSERT_NE(card, nullptr);
  EXPECT_EQ(card->said.settings.id, "queue");
  EXPECT_EQ(card->status.state, SaleState::kClosed);
  EXPECT_EQ(card->status.units, 5U);
  EXPECT_EQ(card->status.sold, 1U);
  EXPECT_EQ(card->status.available, 4U);
  EXPECT_EQ(card->status.now_serving, 1U);
  EXPECT_EQ(card->status.last_position, 1U);
  EXPECT_EQ(card->status.claims, 1U);
  EXPECT_EQ(views.archived().card(kQueue), card) << "and is read once";
}

// While it waits to be written, or where nothing is archived; but not before everything of it has been heard.
TEST_F(Archive, shows_what_everybody_may_read_from_the_views_until_it_is_written) {
  Views kept(history_.log(), kCell, plain_entry_name, {}, options(nullptr));
  kept.follower().restore({history_.tail()});
  EXPECT_EQ(kept.card(kQueue), nullptr);
  Views views(history_.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(kept, history_.tail());
  hear_up_to(views, history_.tail());
  const auto card = kept.card(kQueue);
  ASSERT_NE(card, nullptr);
  EXPECT_EQ(card->status, views.card(kQueue)->status);
  EXPECT_EQ(card->said.settings.id, views.card(kQueue)->said.settings.id);
  EXPECT_NE(views.card(kDraw), nullptr) << "of any sale that was heard of";
  EXPECT_EQ(kept.card(SaleNumber(77)), nullptr);
  EXPECT_EQ(views.id_of(kQueue), "queue");
  EXPECT_EQ(kept.id_of(kQueue), "queue");
  EXPECT_EQ(views.id_of(SaleNumber(77)), "");
  ASSERT_EQ(views.archived().count(), 1U);
  EXPECT_EQ(views.archived().page(0, 10).front().id, "queue");
  EXPECT_TRUE(views.archived().page(1, 10).empty());
}

// Killed behind any event, saved there or not, before or after the sale was archived.
TEST_F(Archive, is_the_same_wherever_a_server_stopped) {
  Views whole(history_.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(whole, history_.tail());
  const auto written = bytes_of(archive_.states()["sale-1"]);
  for (Sequence cut(1); cut <= history_.tail(); ++cut) {
    platform::MemoryStore store;
    platform::MemoryStore archive;
    Views before(history_.log(), kCell, plain_entry_name, {}, options(&archive, &store));
    hear_up_to(before, cut);
    before.follower().save();
    Views after(history_.log(), kCell, plain_entry_name, {}, options(&archive, &store));
    after.follower().restore({history_.tail()});
    hear_up_to(after, history_.tail());
    EXPECT_EQ(bytes_of(archive.states()["sale-1"]), written) << cut.value();
    EXPECT_EQ(said_of(after, kQueue), said_of(whole, kQueue)) << cut.value();
  }
  EXPECT_TRUE(troubles_.empty());
}

TEST_F(Archive, leaves_a_sale_in_memory_while_it_cannot_be_written) {
  platform::MemoryStore store;
  archive_.refuse_writes(true);
  Views views(history_.log(), kCell, plain_entry_name, {}, options(&archive_, &store));
  hear_up_to(views, history_.tail());
  EXPECT_FALSE(views.archived().is_filed(kQueue));
  EXPECT_EQ(troubles_.size(), 1U) << "said once, not with each event";
  const auto said = said_of(views, kQueue);
  views.follower().save();
  archive_.refuse_writes(false);
  Views later(history_.log(), kCell, plain_entry_name, {}, options(&archive_, &store));
  later.follower().restore({history_.tail()});
  (void)later.follower().turn();
  EXPECT_TRUE(later.archived().is_filed(kQueue));
  EXPECT_EQ(said_of(later, kQueue), said);
}

TEST_F(Archive, that_is_damaged_is_noticed_and_made_again_with_the_views) {
  Views views(history_.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(views, history_.tail());
  const auto written = archive_.states()["sale-1"];
  archive_.states()["sale-1"].front().back() ^= std::byte{1};
  archive_.states()["sale-1"].front().front() ^= std::byte{1};
  EXPECT_EQ(views.archived().prepare(kQueue), Ready::kLost);
  EXPECT_EQ(views.archived().card(kQueue), nullptr);
  EXPECT_EQ(views.look(kQueue, [](const SaleViews& each) { return each.orders.count(kQueue); }), 0U);
  EXPECT_FALSE(troubles_.empty());
  Views again(history_.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(again, history_.tail());
  EXPECT_EQ(bytes_of(archive_.states()["sale-1"]), bytes_of(written));
  EXPECT_EQ(again.archived().prepare(kQueue), Ready::kYes);
  archive_.lose_all();
  Views gone(history_.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(gone, history_.tail());
  archive_.lose_all();
  EXPECT_EQ(gone.archived().prepare(kQueue), Ready::kLost) << "and so is a missing one";
}

TEST_F(Archive, reads_a_large_sale_on_a_thread) {
  Views kept(history_.log(), kCell, plain_entry_name, {}, options(nullptr));
  hear_up_to(kept, history_.tail());
  ArchivedSales archived(
      {.store = &archive_, .namer = plain_entry_name, .read_at_once = 0, .on_trouble = [](const std::string&) {}});
  kept.look(kQueue, [&](const SaleViews& views) {
    archived.add(kQueue, views, Timestamp());
    EXPECT_EQ(archived.waiting(), std::vector{kQueue});
    EXPECT_EQ(archived.prepare(kQueue), Ready::kYes) << "it is not filed yet";
    EXPECT_EQ(archived.find(kQueue), nullptr);
    EXPECT_TRUE(archived.write(kQueue, views));
    archived.set_filed(kQueue);
  });
  const auto when_read = [&] {
    EXPECT_EQ(archived.prepare(kQueue), Ready::kSoon);
    for (int i = 0; i < 5'000; ++i) {
      const Ready ready = archived.prepare(kQueue);
      if (ready != Ready::kSoon) return ready;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Ready::kSoon;
  };
  const auto whole = archive_.states()["sale-1"];
  archive_.states()["sale-1"].pop_back();
  EXPECT_EQ(when_read(), Ready::kLost) << "its end is missing";
  archive_.states()["sale-1"] = whole;
  EXPECT_EQ(when_read(), Ready::kYes);
}

TEST_F(Archive, keeps_a_few_sales_in_memory_and_what_somebody_holds_on_to) {
  History many(20);
  Views views(many.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(views, many.tail());
  EXPECT_EQ(archive_.states().size(), 20U);
  std::vector<std::weak_ptr<const ArchivedSale>> seen;
  const auto held = views.archived().find(SaleNumber(0));
  for (uint32_t number = 0; number < 20; ++number) seen.push_back(views.archived().find(SaleNumber(number)));
  EXPECT_EQ(std::ranges::count_if(seen, [](const auto& each) { return !each.expired(); }), 8 + 1);
  EXPECT_FALSE(seen.front().expired());
  EXPECT_TRUE(seen[1].expired());
}

std::filesystem::path golden_path() {
  return std::filesystem::path(DOORBUSTER_SALE_VIEWS_TESTDATA) / "archived-sale.v3.bin";
}

TEST_F(Archive, of_version_2_is_still_written_the_same) {
  Views views(history_.log(), kCell, plain_entry_name, {}, options(&archive_));
  hear_up_to(views, history_.tail());
  const std::vector<std::byte> now = bytes_of(archive_.states()["sale-1"]);
  if (std::getenv("DOORBUSTER_WRITE_GOLDEN") != nullptr) std::ofstream(golden_path(), std::ios::binary) << as_text(now);
  std::ostringstream golden;
  golden << std::ifstream(golden_path(), std::ios::binary).rdbuf();
  EXPECT_EQ(as_text(now), golden.str());
}

}  // namespace
}  // namespace doorbuster::sale
