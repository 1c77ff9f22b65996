#include "recs/evaluation/baskets_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <unordered_map>

#include "recs/evaluation/csv_fields.h"
#include "recs/evaluation/line_reader.h"

namespace doorbuster::recs {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// The numbers of a text like 2011-11-09 08:26:00, with what stands between them left out.
std::vector<int> numbers_in(std::string_view text) {
  std::vector<int> numbers;
  for (size_t at = 0; at < text.size();) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (error != std::errc() || number < 0) return {};
    numbers.push_back(number);
    at = static_cast<size_t>(end - text.data()) + 1;
  }
  return numbers;
}

struct Columns {
  static constexpr size_t kNone = SIZE_MAX;
  size_t invoice = kNone, item = kNone, text = kNone, quantity = kNone, date = kNone, price = kNone, customer = kNone;
  size_t last = 0;
};

struct ShopLine {
  std::string_view invoice, item, text, customer;
  int64_t quantity = 0, seconds = 0;
  double price = 0;
};

class BasketReader {
 public:
  BasketReader(ShopHistory& into, int64_t split) : into_(into), split_(split) {}

  void take(const ShopLine& line) {
    ++into_.lines;
    if (line.invoice.starts_with('C')) {
      take_back(line);
    } else if (line.quantity <= 0) {
      ++into_.other_lines;
    } else {
      buy(line);
    }
  }

  void end() {
    std::erase_if(into_.baskets, [](const ShopBasket& basket) { return basket.items.empty(); });
    std::ranges::stable_sort(into_.baskets, {}, &ShopBasket::seconds);
    into_.customers = customers_.size();
  }

 private:
  static constexpr size_t kBasketsOfCustomerMax = 1'000;  // that a cancellation is looked for in, the newest

  void buy(const ShopLine& line) {
    const uint32_t customer = line.customer.empty() ? kNoCustomer : customers_.number_of(line.customer);
    const ItemNumber item = into_.names.number_of(line.item);
    if (item == into_.items.size()) into_.items.push_back({.text = {}, .price = 0, .seconds = line.seconds});
    ShopItem& about = into_.items[item];
    about.seconds = std::min(about.seconds, line.seconds);
    if (about.text.empty()) about.text = line.text;
    if (about.price <= 0) about.price = line.price;
    const auto [place, is_new] = invoices_.try_emplace(std::string(line.invoice), into_.baskets.size());
    if (is_new) {
      into_.baskets.push_back(
          {.invoice = std::string(line.invoice), .seconds = line.seconds, .customer = customer, .items = {}});
      if (customer != kNoCustomer) of_customer_[customer].push_back(place->second);
    }
    ShopBasket& basket = into_.baskets[place->second];
    if (quantities_[{place->second, item}] == 0) basket.items.push_back(item);
    quantities_[{place->second, item}] += line.quantity;
  }

  void take_back(const ShopLine& line) {
    ++into_.cancelled_lines;
    const auto customer = customers_.find(line.customer);
    const auto item = into_.names.find(line.item);
    if (line.seconds >= split_ || line.customer.empty() || !customer || !item) return;
    int64_t left = -line.quantity;
    std::vector<size_t>& theirs = of_customer_[*customer];
    const size_t looked_at = std::min(theirs.size(), kBasketsOfCustomerMax);
    for (size_t i = 0; i < looked_at && left > 0; ++i) {
      const size_t basket = theirs[theirs.size() - 1 - i];
      const auto bought = quantities_.find({basket, *item});
      if (bought == quantities_.end() || bought->second == 0) continue;
      const int64_t now = std::min(left, bought->second);
      left -= now;
      bought->second -= now;
      if (bought->second > 0) continue;
      std::erase(into_.baskets[basket].items, *item);
      ++into_.taken_back;
    }
  }

  ShopHistory& into_;
  const int64_t split_;
  ItemNames customers_;
  std::unordered_map<std::string, size_t> invoices_;
  std::unordered_map<uint32_t, std::vector<size_t>> of_customer_;
  std::map<std::pair<size_t, ItemNumber>, int64_t> quantities_;
};

Result<Columns> read_columns(LineReader& reader, std::vector<std::string>& fields) {
  const auto head = TRY(reader.next());
  if (!head) return reader.wrong("the file is empty; its first line should name the columns");
  std::string_view names = *head;
  if (names.starts_with("\xEF\xBB\xBF")) names.remove_prefix(3);
  if (const auto split = split_csv(names, fields); !split) return reader.wrong(split.error().message);
  Columns columns;
  const std::array<std::pair<std::string_view, size_t*>, 7> known = {{{"InvoiceNo", &columns.invoice},
                                                                      {"StockCode", &columns.item},
                                                                      {"Description", &columns.text},
                                                                      {"Quantity", &columns.quantity},
                                                                      {"InvoiceDate", &columns.date},
                                                                      {"UnitPrice", &columns.price},
                                                                      {"CustomerID", &columns.customer}}};
  for (const auto& [name, place] : known) {
    const auto found = std::ranges::find(fields, name);
    if (found != fields.end()) *place = static_cast<size_t>(found - fields.begin());
    const bool is_needed =
        place == &columns.invoice || place == &columns.item || place == &columns.quantity || place == &columns.date;
    if (is_needed && *place == Columns::kNone) return reader.wrong("no column is named " + std::string(name));
  }
  columns.last = fields.size();
  return columns;
}

// Empty, or what is wrong.
std::string read_line(const Columns& columns, const std::vector<std::string>& fields, ShopLine& line) {
  if (fields.size() != columns.last) {
    return std::to_string(fields.size()) + " fields, and the first line has " + std::to_string(columns.last);
  }
  const auto field = [&](size_t column) {
    return column == Columns::kNone ? std::string_view() : std::string_view(fields[column]);
  };
  line = {.invoice = field(columns.invoice),
          .item = field(columns.item),
          .text = field(columns.text),
          .customer = field(columns.customer)};
  if (line.invoice.empty() || line.item.empty()) return "the invoice or the item has no number";
  if (!read_number(field(columns.quantity), line.quantity)) return "the quantity is not a whole number";
  const auto seconds = parse_shop_date(field(columns.date));
  if (!seconds) return seconds.error().message;
  line.seconds = *seconds;
  if (!field(columns.price).empty() && !read_number(field(columns.price), line.price)) return "the price is no number";
  return {};
}

}  // namespace

Result<int64_t> parse_shop_date(std::string_view text) {
  std::vector<int> numbers = numbers_in(text);
  if (numbers.size() >= 3 && text.find('/') != std::string_view::npos) {
    numbers = {numbers[2], numbers[0], numbers[1], numbers.size() > 3 ? numbers[3] : 0,
               numbers.size() > 4 ? numbers[4] : 0};
  } else if (text.find('-') == std::string_view::npos) {
    numbers.clear();
  }
  if (numbers.size() >= 3 && numbers.size() <= 6) {
    numbers.resize(6);
    const std::chrono::year_month_day day{std::chrono::year(numbers[0]),
                                          std::chrono::month(static_cast<unsigned>(numbers[1])),
                                          std::chrono::day(static_cast<unsigned>(numbers[2]))};
    if (day.ok() && numbers[0] >= 1970 && numbers[0] <= 9'999 && numbers[3] < 24 && numbers[4] < 60 &&
        numbers[5] < 61) {
      return std::chrono::sys_days(day).time_since_epoch().count() * int64_t{86'400} + numbers[3] * 3'600 +
             numbers[4] * 60 + numbers[5];
    }
  }
  return fail(ErrorCode::kInvalid, "'" + std::string(text) + "' is no date like 2011-11-09 or 2011-11-09 08:26:00");
}

Result<ShopHistory> read_baskets(const std::string& path, int64_t split_seconds) {
  LineReader reader = TRY(LineReader::open(path));
  std::vector<std::string> fields;
  const Columns columns = TRY(read_columns(reader, fields));
  ShopHistory history;
  BasketReader baskets(history, split_seconds);
  while (const auto text = TRY(reader.next())) {
    if (text->empty()) continue;
    if (const auto split = split_csv(*text, fields); !split) return reader.wrong(split.error().message);
    ShopLine line;
    if (const std::string wrong = read_line(columns, fields, line); !wrong.empty()) return reader.wrong(wrong);
    baskets.take(line);
  }
  baskets.end();
  return history;
}

}  // namespace doorbuster::recs
