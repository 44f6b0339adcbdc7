#include "models/market/yahoo_chart_json.hpp"

#include "models/market/yahoo_chart.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace banksia::yahoo_json {

namespace {

namespace json = boost::json;

constexpr std::string_view meta_path = "chart.result[].meta.";
constexpr std::string_view quote_path = "chart.result[].indicators.quote[].";
constexpr std::string_view dividends_path = "chart.result[].events.dividends.";
constexpr std::string_view splits_path = "chart.result[].events.splits.";

/// The double nearest to the text. Up to 15 digits `theirs` is: both m and 10^k
/// of m / 10^k are exact then. Beyond that it may be a unit in the last place
/// off, and stands only where the text is out of a double's range.
double rounded(std::string_view text, double theirs) {
  constexpr std::size_t exact_digits = 15;
  if (text.size() > exact_digits + 1
      || text.find('e') != text.npos || text.find('E') != text.npos)
    std::from_chars(text.data(), text.data() + text.size(), theirs);
  return theirs;
}

/// Boost.JSON calls it for each piece of the text; it keeps the path to where
/// the text is ("chart.result[].meta.currency") and the columns.
class handler {
public:
  // Limits that the parser enforces.
  constexpr static std::size_t max_object_size = 100'000;
  constexpr static std::size_t max_array_size = yahoo_bars_max;
  constexpr static std::size_t max_key_size = 256;
  constexpr static std::size_t max_string_size = 64 * 1024;

  explicit handler(document& out) : out_(out) {}

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) {
    target_ = nullptr;
    if (path_ == "chart")
      out_.has_chart = true;
    else if (path_ == "chart.error")
      out_.has_error = true;
    else if (path_ == "chart.result[]")
      ++out_.results;
    else if (is_event(dividends_path))
      event_ = add(out_.dividends);
    else if (is_event(splits_path))
      event_ = add(out_.splits);
    bases_.push_back(path_.size());
    return true;
  }

  bool on_object_end(std::size_t, json::error_code&) {
    path_.resize(bases_.back());
    bases_.pop_back();
    if (!in_event())
      event_ = nullptr;
    return true;
  }

  bool on_array_begin(json::error_code&) {
    if (path_ == "chart.result")
      out_.has_result = true;
    target_ = out_.results <= 1 ? find_column() : nullptr;
    // The times come first; the other columns are as long.
    if (target_ != nullptr)
      target_->reserve(out_.times.size());
    bases_.push_back(path_.size());
    path_ += "[]";
    return true;
  }

  bool on_array_end(std::size_t, json::error_code&) {
    path_.resize(bases_.back());
    bases_.pop_back();
    target_ = nullptr;
    return true;
  }

  bool on_key_part(json::string_view text, std::size_t, json::error_code&) {
    key_.append(text.data(), text.size());
    return true;
  }

  bool on_key(json::string_view text, std::size_t, json::error_code&) {
    key_.append(text.data(), text.size());
    path_.resize(bases_.back());
    if (!path_.empty())
      path_ += '.';
    path_ += key_;
    key_.clear();
    return true;
  }

  bool on_string_part(json::string_view text, std::size_t, json::error_code&) {
    text_.append(text.data(), text.size());
    return true;
  }

  bool on_string(json::string_view text, std::size_t, json::error_code&) {
    text_.append(text.data(), text.size());
    if (target_ != nullptr || event_ != nullptr)
      put(cell::bad());
    else if (path_ == "chart.error.code")
      out_.error_code = text_;
    else if (path_ == "chart.error.description")
      out_.error_text = text_;
    else if (auto name = meta_name(); !name.empty() && out_.texts.size() < 64)
      out_.texts.insert_or_assign(std::string{name}, text_);
    text_.clear();
    return true;
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }

  bool on_int64(std::int64_t x, json::string_view, json::error_code&) {
    put(cell{static_cast<double>(x)});
    return true;
  }

  bool on_uint64(std::uint64_t x, json::string_view, json::error_code&) {
    put(cell{static_cast<double>(x)});
    return true;
  }

  bool on_double(double x, json::string_view text, json::error_code&) {
    put(cell{rounded(std::string_view{text.data(), text.size()}, x)});
    return true;
  }

  bool on_bool(bool, json::error_code&) {
    put(cell::bad());
    return true;
  }

  bool on_null(json::error_code&) {
    put(cell{});
    return true;
  }

  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

private:
  static event* add(std::vector<event>& to) {
    if (to.size() >= 10'000)
      return nullptr;
    return &to.emplace_back();
  }

  /// A member of `…events.dividends`: one more part, which holds no dot.
  bool is_event(std::string_view below) const {
    return out_.results == 1 && bases_.size() == 6 && path_.starts_with(below);
  }

  bool in_event() const { return bases_.size() > 6; }

  std::string_view meta_name() const {
    if (out_.results != 1 || !path_.starts_with(meta_path))
      return {};
    return std::string_view{path_}.substr(meta_path.size());
  }

  column* find_column() {
    if (path_ == "chart.result[].timestamp")
      return &out_.times;
    if (path_ == "chart.result[].indicators.adjclose[].adjclose")
      return &out_.adjusted;
    if (!path_.starts_with(quote_path))
      return nullptr;
    auto name = std::string_view{path_}.substr(quote_path.size());
    const std::pair<std::string_view, column*> columns[]{
      {"open", &out_.open},   {"high", &out_.high},     {"low", &out_.low},
      {"close", &out_.close}, {"volume", &out_.volume}};
    for (const auto& [known, values] : columns)
      if (name == known)
        return values;
    return nullptr;
  }

  /// Inline by force: a chart has tens of thousands of cells, and a call for
  /// each is 3 % of reading it.
  [[gnu::always_inline]] void put(cell x) {
    if (target_ != nullptr)
      target_->push_back(x);
    else
      put_elsewhere(x);
  }

  void put_elsewhere(cell x) {
    if (event_ != nullptr) {
      std::string_view name{path_};
      if (auto dot = name.rfind('.'); dot != name.npos)
        name.remove_prefix(dot + 1);
      if (name == "date")
        event_->date = x;
      else if (name == "amount")
        event_->amount = x;
      else if (name == "numerator")
        event_->numerator = x;
      else if (name == "denominator")
        event_->denominator = x;
    } else if (x.is_number()) {
      auto name = meta_name();
      if (!name.empty() && out_.numbers.size() < 64)
        out_.numbers.insert_or_assign(std::string{name}, x);
    }
  }

  document& out_;
  std::string path_;
  std::vector<std::size_t> bases_; ///< the path's length at each level
  std::string key_, text_;
  column* target_ = nullptr;
  event* event_ = nullptr;
};

} // namespace

std::string read(std::string_view body, document& out) {
  // A daily bar takes about 110 bytes in all columns together.
  out.times.reserve(std::min(body.size() / 100, yahoo_bars_max));
  json::basic_parser<handler> parser{json::parse_options{}, out};
  json::error_code failure;
  auto used = parser.write_some(false, body.data(), body.size(), failure);
  if (!failure && used < body.size()
      && body.find_first_not_of(" \t\r\n", used) != body.npos)
    return "text after the end of the JSON";
  if (failure)
    return "broken JSON (" + failure.message() + ")";
  return {};
}

} // namespace banksia::yahoo_json
