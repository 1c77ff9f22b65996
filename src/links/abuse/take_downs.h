// What is taken down, for whoever is about to send a visitor on: any thread looks it up, and from the moment at which a
// take-down is answered nobody is sent there any more.
//
// The machine publishes all take-downs whenever they change, before it answers; they are put into a page that nobody
// changes, and the page takes the place of the one before. Reactors remember of each link what they found, so whoever
// sets a new page has them look again (LinkWriter::have_read_again()).
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "links/machine/take_down_list.h"

namespace doorbuster::links {

// The host of an address that parse_long_url() has made, without its port; of an IPv6 address with its brackets.
[[nodiscard]] std::string_view host_of(std::string_view long_url);

class TakeDownPage {
 public:
  explicit TakeDownPage(std::vector<TakeDown> all);
  TakeDownPage(const TakeDownPage&) = delete;
  TakeDownPage& operator=(const TakeDownPage&) = delete;

  // The oldest first.
  [[nodiscard]] const std::vector<TakeDown>& all() const { return all_; }
  // Null if there is none.
  [[nodiscard]] const TakeDown* of_code(std::string_view code) const;
  // Of the host itself or one above it.
  [[nodiscard]] const TakeDown* of_host(std::string_view host) const;
  [[nodiscard]] const TakeDown* of_id(uint64_t id) const;
  [[nodiscard]] bool has(TakeDownOf of, std::string_view target) const;

 private:
  const std::vector<TakeDown> all_;
  std::unordered_map<std::string_view, const TakeDown*> codes_;    // in all_
  std::unordered_map<std::string_view, const TakeDown*> domains_;  // likewise
};

class TakeDowns {
 public:
  // Never null.
  [[nodiscard]] std::shared_ptr<const TakeDownPage> page() const;
  void set(std::vector<TakeDown> all);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const TakeDownPage> page_ = std::make_shared<TakeDownPage>(std::vector<TakeDown>());
};

}  // namespace doorbuster::links
