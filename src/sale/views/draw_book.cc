#include "sale/views/draw_book.h"

#include <utility>

#include "sale/views/slots.h"

namespace doorbuster::sale {
namespace {

constexpr uint64_t kHeadLines = 7;

}  // namespace

EntryNamer sealed_entry_name(auth::IdSealer ids) {
  return [ids = std::move(ids)](SaleNumber sale, EntryNumber entry) {
    return ids.seal({auth::IdKind::kEntry, sale.value(), entry.packed()});
  };
}

void DrawBook::on(const SaleCreated& event, const EventPlace&) { sales_[event.sale].id = event.settings.id; }

void DrawBook::on(const DrawCommitted& event, const EventPlace&) {
  Known& sale = sales_[event.sale];
  sale.book = Book{};
  sale.book->head = {.sale = sale.id,
                     .commitment = draw_commitment(event.secret),
                     .secret = event.secret,
                     .beacon = {},
                     .beacon_source = {},
                     .beacon_round = 0,
                     .entries = 0,
                     .root = {}};
}

void DrawBook::on(const Enrolled& event, const EventPlace&) {
  Book& book = book_of(event.sale);
  const auto id = namer_(event.sale, event.entry);
  book.tree.add(draw_leaf(event.arrival - 1, {id.data(), id.size()}, as_bytes(event.nonce)));
  if (!event.nonce.empty()) book.nonces[event.arrival - 1] = event.nonce;
  arrive(book, event.entry);
}

void DrawBook::on(const BeaconNamed& event, const EventPlace&) {
  TranscriptHead& head = book_of(event.sale).head;
  head.beacon_source = event.beacon.source;
  head.beacon_round = event.beacon.round;
}

void DrawBook::close(Book& book, uint32_t entries, const Digest& root) {
  book.head.entries = entries;
  book.head.root = root;
  book.is_closed = true;
}

void DrawBook::draw(Book& book) {
  const TranscriptHead& head = book.head;
  book.permutation = std::make_shared<const DrawPermutation>(
      draw_key(head.secret, head.root, head.entries, head.beacon), head.entries);
}

void DrawBook::on(const DrawClosed& event, const EventPlace&) { close(book_of(event.sale), event.entries, event.root); }

void DrawBook::on(const BeaconGiven& event, const EventPlace&) {
  const Bytes value = as_bytes(event.value);
  book_of(event.sale).head.beacon.assign(value.begin(), value.end());
}

void DrawBook::on(const Drawn& event, const EventPlace&) {
  Book& book = book_of(event.sale);
  close(book, event.entries, event.root);
  draw(book);
}

void DrawBook::on(const Joined& event, const EventPlace& place) { arrive_late(event.sale, event.entry, place.at); }

// Who goes without ever having had a place is no part of the draw's record.
void DrawBook::on(const JoinDelayed& event, const EventPlace&) {
  if (find(event.sale) != nullptr) at_slot(arrivals_, event.entry.slot) = 0;
}

void DrawBook::on(const EntryPlaced& event, const EventPlace& place) { arrive_late(event.sale, event.entry, place.at); }

void DrawBook::arrive_late(SaleNumber sale, EntryNumber entry, Timestamp at) {
  Book* book = find(sale);
  if (book == nullptr) return;
  arrive(*book, entry);
  note(sale, TranscriptStep::kLate, entry, at);
}

void DrawBook::on(const Offered& event, const EventPlace& place) {
  note(event.sale, TranscriptStep::kOffer, event.entry, place.at);
}

void DrawBook::on(const EntryLeft& event, const EventPlace& place) {
  note(event.sale, TranscriptStep::kLeft, event.entry, place.at);
}

void DrawBook::on(const EntryRemoved& event, const EventPlace& place) {
  note(event.sale, TranscriptStep::kRemoved, event.entry, place.at);
}

void DrawBook::arrive(Book& book, EntryNumber entry) {
  book.entries.push_back(entry);
  at_slot(arrivals_, entry.slot) = static_cast<uint32_t>(book.entries.size());
}

void DrawBook::note(SaleNumber sale, TranscriptStep what, EntryNumber entry, Timestamp at) {
  Book* book = find(sale);
  if (book != nullptr && arrivals_[entry.slot] > 0) book->steps.push_back({what, arrivals_[entry.slot], at});
}

const DrawBook::Book* DrawBook::find(SaleNumber sale) const {
  const auto found = sales_.find(sale);
  return found == sales_.end() || !found->second.book ? nullptr : &*found->second.book;
}

DrawBook::Book* DrawBook::find(SaleNumber sale) { return const_cast<Book*>(std::as_const(*this).find(sale)); }

DrawBook::Book& DrawBook::book_of(SaleNumber sale) {
  Book* book = find(sale);
  ASSERT(book != nullptr);
  return *book;
}

std::shared_ptr<const DrawPermutation> DrawBook::permutation(SaleNumber sale) const {
  const Book* book = find(sale);
  return book == nullptr ? nullptr : book->permutation;
}

bool DrawBook::is_ahead(SaleNumber sale) const {
  const Book* book = find(sale);
  return book != nullptr && !book->permutation;
}

std::optional<DrawReceipt> DrawBook::receipt(SaleNumber sale, uint32_t arrival) const {
  const Book* book = find(sale);
  if (book == nullptr || arrival < 1 || arrival > book->tree.size()) return std::nullopt;
  const uint64_t index = arrival - 1;
  const auto nonce = book->nonces.find(index);
  DrawReceipt receipt{.index = index,
                      .nonce = nonce == book->nonces.end() ? std::string() : nonce->second,
                      .leaf = book->tree.leaf(index),
                      .commitment = book->head.commitment,
                      .entries = 0,
                      .root = {},
                      .proof = {}};
  if (!book->is_closed) return receipt;
  receipt.entries = book->head.entries;
  receipt.root = book->head.root;
  receipt.proof = book->tree.proof(index);
  return receipt;
}

std::optional<uint32_t> DrawBook::position_of(SaleNumber sale, uint32_t arrival) const {
  const Book* book = find(sale);
  if (book == nullptr) return arrival;
  if (!book->permutation || arrival == 0) return std::nullopt;
  return arrival > book->head.entries ? arrival
                                      : static_cast<uint32_t>(book->permutation->position_of(arrival - 1) + 1);
}

std::optional<uint32_t> DrawBook::arrival_at(SaleNumber sale, uint32_t position) const {
  const Book* book = find(sale);
  if (book == nullptr) return position;
  if (!book->permutation || position == 0) return std::nullopt;
  return position > book->head.entries ? position
                                       : static_cast<uint32_t>(book->permutation->index_at(position - 1) + 1);
}

void DrawBook::tell(SaleNumber sale, PublicStatus& status) const {
  const Book* book = find(sale);
  if (book == nullptr) return;
  status.has_draw = true;
  status.is_draw_closed = book->is_closed;
  status.is_drawn = book->permutation != nullptr;
  status.commitment = book->head.commitment;
  status.drawn = static_cast<uint32_t>(book->is_closed ? book->head.entries : book->tree.size());
  if (book->is_closed) status.draw_root = book->head.root;
  if (!status.is_drawn) return;
  status.draw_secret = book->head.secret;
  status.beacon = BeaconValue(book->head.beacon);
}

std::optional<DrawBook::Cursor> DrawBook::begin(SaleNumber sale) const {
  const Book* book = find(sale);
  if (book == nullptr || !book->permutation) return std::nullopt;
  return Cursor{.sale = sale, .lines = 0, .steps = book->steps.size(), .ended = false};
}

void DrawBook::give(Cursor& cursor, size_t bytes, std::string& out) const {
  const Book* book = find(cursor.sale);
  if (book == nullptr) cursor.ended = true;  // it was archived meanwhile, and its archive can't be read
  const size_t most = out.size() + bytes;
  while (!cursor.ended && out.size() < most) give_line(*book, cursor, out);
}

void DrawBook::give_line(const Book& book, Cursor& cursor, std::string& out) const {
  if (cursor.lines == 0) {
    out += transcript_head(book.head);
    cursor.lines = kHeadLines;
    return;
  }
  const uint64_t number = cursor.lines - kHeadLines;
  const auto name = [&](uint64_t index) { return namer_(cursor.sale, book.entries[index]); };
  if (number < book.head.entries) {
    const auto nonce = book.nonces.find(number);
    const auto id = name(number);
    out += transcript_entry(number, {id.data(), id.size()},
                            nonce == book.nonces.end() ? Bytes() : as_bytes(nonce->second));
  } else if (number < book.head.entries + cursor.steps) {
    const Step& step = book.steps[number - book.head.entries];
    const uint64_t index = step.arrival - 1;
    const bool is_late = index >= book.head.entries;
    const auto id = name(index);
    out += transcript_step(step.what, 1 + (is_late ? index : book.permutation->position_of(index)),
                           {id.data(), id.size()}, step.at);
  } else {
    out += transcript_end(cursor.lines);
    cursor.ended = true;
  }
  ++cursor.lines;
}

}  // namespace doorbuster::sale
