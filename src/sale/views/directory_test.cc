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

TEST(Directory, finds_sales_by_id_and_by_number) {
  Directory directory;
  DirectoryReader reader(directory);
  EXPECT_EQ(reader.page().find("a"), nullptr);
  directory.publish(SaleNumber(0), named("a"));
  directory.publish(SaleNumber(1), named("b"));
  reader.refresh();
  EXPECT_EQ(reader.page().find("b")->number, SaleNumber(1));
  EXPECT_EQ(reader.page().find(SaleNumber(0))->settings.id, "a");
  EXPECT_EQ(reader.page().find("c"), nullptr);
  EXPECT_EQ(reader.page().find(SaleNumber(2)), nullptr);
}

TEST(Directory, keeps_a_page_whole_while_settings_change) {
  Directory directory;
  directory.publish(SaleNumber(0), named("a", "before"));
  const auto page = directory.page();
  directory.publish(SaleNumber(0), named("a", "after"));
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
      directory.publish(number, named(id_of(number)));
    }
  }
  const auto before = directory.page();
  const SaleNumber changed = sale_number(CellId(2), 70);
  directory.publish(changed, named(id_of(changed), "another"));
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

TEST(Directory, forgets_the_customers_of_a_sale_that_is_archived) {
  Directory directory;
  directory.publish(SaleNumber(0), named("a", "title"), "a message");
  const CustomerHash customer{.high = 1, .low = 2};
  EXPECT_FALSE(directory.page()->find("a")->customers->may_have(customer)) << "nobody was there yet";
  directory.add_customers(SaleNumber(0), {customer});
  const auto before = directory.page();
  EXPECT_TRUE(before->find("a")->customers->may_have(customer));
  directory.forget_customers(SaleNumber(0));
  directory.forget_customers(SaleNumber(1));
  directory.forget_customers(sale_number(CellId(1), 0));
  const Listing* after = directory.page()->find("a");
  EXPECT_FALSE(after->customers->may_have(customer));
  EXPECT_EQ(after->message, "a message");
  EXPECT_GT(after->version, before->find("a")->version);
  EXPECT_TRUE(before->find("a")->customers->may_have(customer)) << "for whoever still looks";
}

// AddressSanitizer sees a listing that is freed under a request.
TEST(Directory, keeps_what_a_request_has_found_while_more_is_published) {
  Directory directory;
  directory.publish(SaleNumber(0), named("a", "before"));
  DirectoryReader reader(directory);
  reader.refresh();
  const Listing* found = reader.page().find("a");
  directory.publish(SaleNumber(0), named("a", "after"));
  directory.publish(SaleNumber(1), named("b"));
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
  for (uint32_t i = 0; i < kSales; ++i) directory.publish(SaleNumber(i), named(std::to_string(i)));
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
        directory.publish(number, named(std::to_string(cell) + "-" + std::to_string(i)));
        directory.forget_customers(number);
        directory.add_customers(number, {CustomerHash{.high = cell, .low = i}});
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
  EXPECT_EQ(directory.page()->find(sale_number(CellId(4), 0)), nullptr);
}

}  // namespace
}  // namespace doorbuster::sale
