// Customers who are told of their entry over server-sent events (WHATWG HTML, 9.2): they connect, hear, and connect
// again when the connection ends or dies, until 204 says that there is nothing more to hear.
//
// What a stream says is held against the log, as it leaves the server (answer_book.h). Its first word is not that the
// entry is over (for that there is 204), its last one is, unless the server ends; and what becomes of an entry is said
// soon.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "sim/clients.h"
#include "sim/server.h"

namespace doorbuster::sim {

// The text of an answer that goes on: its head, then chunks (RFC 9112, 7.1).
class StreamText {
 public:
  void add(std::string_view part) { text_ += part; }
  [[nodiscard]] std::string head() const;  // empty before it is whole
  // The next event or comment, without its empty line; nothing if none is whole.
  [[nodiscard]] std::optional<std::string> next();
  [[nodiscard]] bool has_ended() const { return has_ended_; }

 private:
  void take_chunks();

  std::string text_;
  std::string said_;  // what chunks held, and nobody has taken
  size_t read_ = 0;   // of the text
  bool has_ended_ = false;
};

class Watchers {
 public:
  // How the world reaches a server.
  struct Network {
    std::function<void(uint64_t ticket, std::string request)> deliver;
    std::function<void(uint64_t ticket)> hang_up;
    std::function<const Server*(uint64_t ticket)> server_of;  // null: nobody has it any more
  };
  struct Watcher {
    sale::EntryNumber entry;
    CustomerHash customer;
    std::function<void(sale::EntryState)> heard;
    std::function<void()> lost;  // the entry is not there any more
  };

  Watchers(Site& site, History& history, AnswerBook& answers, PublicIds& ids, Network network)
      : site_(site), history_(history), answers_(answers), ids_(ids), network_(std::move(network)) {}

  void watch(Watcher watcher);
  // A part of an answer leaves a server that has the logs like that.
  void streamed(uint64_t ticket, const std::string& part, const LogRanges& logs);
  // Whether everybody has been told what that server has long known.
  void check(const Server& server);

 private:
  struct Watching {
    Watcher watcher;
    uint64_t newest = 0;  // ticket
    bool over = false;
  };
  using Handle = std::shared_ptr<Watching>;
  struct Connection {
    Handle watching;
    uint64_t sent_at = 0;  // step
    StreamText text;
    std::optional<sale::EntryState> said;
    Sequence said_at;                        // of the entry's cell; or when the request came
    Timestamp arrives_at;                    // what was said last
    std::optional<Timestamp> differs_since;  // what was said is not so any more
  };

  void connect(const Handle& watching);
  void connect_soon(const Handle& watching);
  void look_after(uint64_t ticket);
  void take_refusal(Connection& connection, const std::string& head, const LogRange& log);
  void take_event(Connection& connection, uint64_t ticket, const std::string& event, const LogRanges& logs);
  void take_end(const Connection& connection, uint64_t ticket);
  void tell(Connection& connection, uint64_t ticket, sale::EntryState state);
  [[nodiscard]] Duration patience() const;

  Site& site_;
  History& history_;
  AnswerBook& answers_;
  PublicIds& ids_;
  const Network network_;
  uint64_t tickets_ = 0;
  std::map<uint64_t, Connection> connections_;
};

}  // namespace doorbuster::sim
