// The stores of links that there are, for the tests of what each of them promises.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "links/store/memory/memory_link_store.h"
#include "links/store/rocksdb/rocksdb_link_store.h"

namespace doorbuster::links {

struct Twin {
  std::string name;
  bool lasts;  // beyond the process
  std::function<std::unique_ptr<LinkStore>(const std::filesystem::path&, Announcing)> make;
};

inline std::ostream& operator<<(std::ostream& out, const Twin& twin) { return out << twin.name; }

inline std::vector<Twin> twins() {
  return {{"memory", false,
           [](const auto&, Announcing announcing) { return std::make_unique<MemoryLinkStore>(announcing); }},
          {"rocksdb", true, [](const auto& folder, Announcing announcing) -> std::unique_ptr<LinkStore> {
             return std::make_unique<RocksdbLinkStore>(
                 RocksdbLinkStore::Options{.folder = folder, .announcing = announcing});
           }}};
}

inline Link link_of(uint64_t number, std::string code) {
  return {.number = number,
          .code = std::move(code),
          .long_url = "https://shop.example/" + std::to_string(number),
          .created_at = Timestamp::from_micros(1'800'000'000'000'000)};
}

class StoreContract : public ::testing::TestWithParam<Twin> {
 protected:
  StoreContract() { reopen(); }
  ~StoreContract() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void reopen(Announcing announcing) {
    announcing_ = announcing;
    reopen();
  }
  void reopen() {
    store_.reset();
    store_ = GetParam().make(folder_, announcing_);
    ASSERT_TRUE(store_->open().has_value());
  }
  std::optional<Link> find(std::string_view code) { return store_->find(code).value(); }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      ("links-" + std::to_string(getpid()) + "-" + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  Announcing announcing_;  // none, unless a test wants some
  std::unique_ptr<LinkStore> store_;
};

}  // namespace doorbuster::links
