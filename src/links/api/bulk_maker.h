// Makes many links at once, on threads of its own: ten thousand rows take a reactor longer to read than anybody else
// may wait for it. There are two, so that one reads while the other's links are made durable.
//
// All rows of a request are made durable by one change of the store, together with what is remembered of the request:
// whoever asks again with the same Idempotency-Key gets the same answer, and nothing is made twice, whatever came in
// between (docs/decisions/0126).
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "links/abuse/blocks.h"
#include "links/api/code_maker.h"
#include "links/api/link_importer.h"
#include "links/api/link_json.h"
#include "links/api/link_traffic.h"
#include "links/api/registrable_domain.h"
#include "links/store/link_writer.h"
#include "ops/metrics/counter.h"

namespace doorbuster::links {

class BulkMaker {
 public:
  // Called on the maker's thread.
  using Done = std::function<void(BulkAnswer&&)>;
  static constexpr size_t kWaitingMax = 8;
  // Codes that somebody has chosen as an alias are passed over, if there are not more of them in a request than so.
  static constexpr uint32_t kSpareNumbers = 64;

  // All outlive it.
  BulkMaker(const LinkStore& store, LinkWriter& writer, const CodeMaker& codes, const LinkBase& base,
            const Blocks& blocks, const RegistrableDomains& domains, LinkTraffic& traffic)
      : store_(store),
        writer_(writer),
        codes_(codes),
        base_(base),
        blocks_(blocks),
        domains_(domains),
        traffic_(traffic),
        importer_(store, writer, base, blocks) {}
  ~BulkMaker() { stop(); }
  BulkMaker(const BulkMaker&) = delete;
  BulkMaker& operator=(const BulkMaker&) = delete;

  void start();
  // Those that still wait are answered 503. The writer still runs.
  void stop();

  // Any thread. False if as many as there may be wait.
  [[nodiscard]] bool submit(BulkRequest request, Done done);
  [[nodiscard]] uint64_t created() const { return created_.value() + importer_.created(); }

  // Before the cell's first turn.
  [[nodiscard]] LinkImporter& importer() { return importer_; }

 private:
  struct Row {
    std::string refusal = {};  // empty: it is to be made
    size_t change = 0;         // then: among the changes
  };
  struct Rows {
    std::vector<Row> rows;
    std::vector<Change> changes;
    size_t refused = 0;
  };

  void run();
  [[nodiscard]] std::deque<std::pair<BulkRequest, Done>>::iterator next();
  [[nodiscard]] BulkAnswer make(const BulkRequest& request);
  [[nodiscard]] Result<Rows> read(const BulkRequest& request) const;
  void note_made(std::span<const Change> changes, Timestamp now);
  void give_codes(const BulkRequest& request, Rows& rows) const;
  [[nodiscard]] BulkAnswer answer_of(const BulkRequest& request, const Rows& rows,
                                     std::span<const Change> changes) const;

  const LinkStore& store_;
  LinkWriter& writer_;
  const CodeMaker& codes_;
  const LinkBase& base_;
  const Blocks& blocks_;
  const RegistrableDomains& domains_;
  LinkTraffic& traffic_;  // of links that it makes, and of nothing else
  LinkImporter importer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<BulkRequest, Done>> waiting_;
  std::set<uint64_t> under_way_;  // keys of requests that are
  bool stopping_ = false;
  std::array<std::thread, 2> threads_;
  ops::Counter created_;
};

}  // namespace doorbuster::links
