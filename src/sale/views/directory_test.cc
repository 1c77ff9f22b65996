#include "sale/views/directory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace doorbuster::sale {
namespace {

Settings named(std::string id, std::string title = "t") {
  Settings settings;
  settings.id = std::move(id);
  settings.title = std::move(title);
  return settings;
}

void publish(Directory& directory, SaleNumber number, const Settings& settings, std::string message = {}) {
  directory.publish({.sale = number, .units = settings.units}, settings, std::move(message));
}

TEST(Directory, finds_sales_by_id_and_by_number) {
  Directory directory;
  DirectoryReader reader(directory);
  EXPECT_EQ(reader.page().find("a"), nullptr);
  publish(directory, SaleNumber(0), named("a"));
  publish(directory, SaleNumber(1), named("b"));
  reader.refresh();
  EXPECT_EQ(reader.page().find("b")->number, SaleNumber(1));
  EXPECT_EQ(reader.page().find(SaleNumber(0))->settings.id, "a");
  EXPECT_EQ(reader.page().find("c"), nullptr);
  EXPECT_EQ(reader.page().find(SaleNumber(2)), nullptr);
}

TEST(Directory, keeps_a_page_whole_while_settings_change) {
  Directory directory;
  publish(directory, SaleNumber(0), named("a", "before"));
  const auto page = directory.page();
  publish(directory, SaleNumber(0), named("a", "after"));
  EXPECT_EQ(page->find("a")->settings.title, "before");
  EXPECT_EQ(directory.page()->find("a")->settings.title, "after");
  EXPECT_GT(directory.page()->find("a")->version, page->find("a")->version);
}

TEST(Directory, finds_each_of_many_sales_and_keeps_pages_apart) {
  constexpr uint32_t kSales = 1'000;
  Directory directory;
  const auto id_of = [](SaleNumber number) { return "sale-" + std::to_string(number.value()); };
  for (uint32_t i = 0; i < kSales; ++i) {
    for (const uint32_t cell : {2U, 0U}) {
      const SaleNumber number = sale_number(CellId(cell), i);
      publish(directory, number, named(id_of(number)));
    }
  }
  const auto before = directory.page();
  const SaleNumber changed = sale_number(CellId(2), 70);
  publish(directory, changed, named(id_of(changed), "another"));
  const auto after = directory.page();
  std::vector<SaleNumber> all;
  after->for_each([&](const Listing& listing) {
    all.push_back(listing.number);
    EXPECT_EQ(listing.settings.id, id_of(listing.number));
    EXPECT_EQ(after->find(listing.settings.id), &listing);
    EXPECT_EQ(before->find(listing.number) == &listing, listing.number != changed);
  });
  EXPECT_EQ(all.size(), 2 * kSales);
  EXPECT_TRUE(std::ranges::is_sorted(all));
}

TEST(Directory, shows_customers_before_the_numbers_that_follow_from_them) {
  Directory directory;
  const CustomerHash customer{.high = 1, .low = 2};
  EXPECT_FALSE(directory.publish({.sale = SaleNumber(0)}, {customer})) << "there is no such sale";
  publish(directory, SaleNumber(0), named("a"));
  const auto page = directory.page();
  const Listing& sale = *page->find("a");
  EXPECT_FALSE(sale.customers->may_have(customer)) << "nobody was there yet";
  EXPECT_TRUE(directory.publish({.sale = SaleNumber(0), .held = 1}, {customer}));
  EXPECT_TRUE(sale.customers->may_have(customer));
  EXPECT_EQ(sale.status().held, 1U);
  publish(directory, SaleNumber(0), named("a", "another"), "a message");
  EXPECT_EQ(directory.page()->find("a")->status().held, 1U) << "its numbers stay";
  EXPECT_EQ(directory.page()->find("a")->message, "a message");
}

TEST(Directory, knows_of_an_archived_sale_its_number_and_nothing_else) {
  Directory directory;
  for (uint32_t i = 0; i < 200; ++i) publish(directory, SaleNumber(i), named(std::to_string(i)));
  const auto before = directory.page();
  std::vector<ArchivedId> archived;
  for (uint32_t i = 0; i < 199; ++i) archived.push_back({SaleNumber(i), std::to_string(i)});
  directory.archive(archived);
  directory.archive({{sale_number(CellId(1), 7), "never published"}});
  const auto after = directory.page();
  EXPECT_EQ(after->by_id.find("7"), SaleNumber(7));
  EXPECT_EQ(after->by_id.find("never published"), sale_number(CellId(1), 7));
  EXPECT_EQ(after->find("7"), nullptr);
  EXPECT_TRUE(after->knows(SaleNumber(7)));
  EXPECT_TRUE(after->knows(sale_number(CellId(1), 7)));
  EXPECT_FALSE(after->knows(SaleNumber(200)));
  EXPECT_NE(before->find("7"), nullptr) << "for whoever still looks";
  std::vector<std::string> left;
  after->for_each([&](const Listing& listing) { left.push_back(listing.settings.id); });
  EXPECT_EQ(left, std::vector<std::string>{"199"});
}

TEST(Directory, gives_the_slot_of_an_archived_sale_to_another) {
  Directory directory;
  publish(directory, SaleNumber(0), named("a"));
  publish(directory, sale_number(CellId(1), 0), named("b"));
  const Listing before = *directory.page()->find("a");
  EXPECT_NE(before.slot, directory.page()->find("b")->slot);
  directory.archive({{SaleNumber(0), "a"}});
  publish(directory, sale_number(CellId(1), 1), named("c"));
  const Listing after = *directory.page()->find("c");
  EXPECT_EQ(after.slot, before.slot);
  EXPECT_NE(after.version, before.version) << "by which those tell them apart who keep something by slot";
  EXPECT_EQ(before.status().sale, SaleNumber(0)) << "for whoever still looks";
}

// AddressSanitizer sees a listing that is freed under a request.
TEST(Directory, keeps_what_a_request_has_found_while_more_is_published) {
  Directory directory;
  publish(directory, SaleNumber(0), named("a", "before"));
  DirectoryReader reader(directory);
  reader.refresh();
  const Listing* found = reader.page().find("a");
  publish(directory, SaleNumber(0), named("a", "after"));
  publish(directory, SaleNumber(1), named("b"));
  EXPECT_EQ(reader.page().find("b"), nullptr) << "a request sees one page";
  EXPECT_EQ(found->settings.title, "before");
  reader.refresh();
  EXPECT_EQ(reader.page().find("a")->settings.title, "after");
}

TEST(Directory, is_read_on_other_threads_while_it_grows) {
  constexpr uint32_t kSales = 300;
  Directory directory;
  std::atomic<bool> wrong{false};
  std::thread other([&] {
    DirectoryReader reader(directory);
    uint32_t known = 0;
    while (known < kSales) {
      reader.refresh();
      const Directory::Page& page = reader.page();
      const size_t listed = page.by_cell.empty() ? 0 : page.by_cell.front().size();
      if (listed < known) wrong = true;
      known = static_cast<uint32_t>(listed);
      if (known > 0 && page.find(std::to_string(known - 1)) == nullptr) wrong = true;
    }
  });
  for (uint32_t i = 0; i < kSales; ++i) publish(directory, SaleNumber(i), named(std::to_string(i)));
  other.join();
  EXPECT_FALSE(wrong);
}

// Each cell publishes on whatever thread is at it.
TEST(Directory, takes_the_sales_of_all_cells_at_once) {
  constexpr uint32_t kSales = 50, kCells = 4;
  Directory directory;
  std::vector<std::thread> cells;
  for (uint32_t cell = 0; cell < kCells; ++cell) {
    cells.emplace_back([&directory, cell] {
      for (uint32_t i = 0; i < kSales; ++i) {
        const SaleNumber number = sale_number(CellId(cell), i);
        publish(directory, number, named(std::to_string(cell) + "-" + std::to_string(i)));
        directory.publish({.sale = number}, {CustomerHash{.high = cell, .low = i}});
        directory.archive(
            {{sale_number(CellId(cell), 1'000 + i), std::to_string(cell) + "-archived-" + std::to_string(i)}});
      }
    });
  }
  for (std::thread& cell : cells) cell.join();
  std::vector<SaleNumber> all;
  directory.page()->for_each([&](const Listing& listing) {
    all.push_back(listing.number);
    EXPECT_EQ(directory.page()->find(listing.settings.id)->number, listing.number);
    EXPECT_TRUE(
        listing.customers->may_have({.high = cell_of(listing.number).value(), .low = index_of(listing.number)}));
  });
  EXPECT_EQ(all.size(), kSales * kCells);
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_EQ(directory.page()->find(sale_number(CellId(3), 49))->settings.id, "3-49");
  EXPECT_EQ(directory.page()->by_id.find("3-archived-49"), sale_number(CellId(3), 1'049));
  EXPECT_EQ(directory.page()->find(sale_number(CellId(4), 0)), nullptr);
}

}  // namespace
}  // namespace doorbuster::sale
