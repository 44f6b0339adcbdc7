#include "messages/ids.hpp"
#include "models/sentiment/classifier.hpp"
#include "models/sentiment/classifier_features.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace banksia::sentiment {

namespace {

constexpr std::string_view magic = "banksia-sentiment-model ";
constexpr std::uint32_t text_version = 1;
constexpr std::string_view seal_key = "sha256 ";

template <class T>
void append_number(std::string& to, T x) {
  char digits[40];
  auto end = std::to_chars(digits, digits + sizeof(digits), x).ptr;
  to.append(digits, end);
}

template <class T>
void append_line(std::string& to, std::string_view key, T value) {
  to += key;
  to += ' ';
  append_number(to, value);
  to += '\n';
}

template <class Row>
void append_row(std::string& to, const Row& x) {
  for (auto value : x) {
    to += ' ';
    append_number(to, value);
  }
  to += '\n';
}

[[noreturn]] void refuse(std::string_view what, std::string_view advice) {
  throw model_error(std::string{what} + ": " + std::string{advice});
}

constexpr std::string_view train_again
  = "train it again: banksia sentiment train";

} // namespace

std::string classifier::to_text() const {
  std::string out{magic};
  append_number(out, text_version);
  out += '\n';
  append_line(out, "features", feature_version);
  append_line(out, "lexicon", lexicon_fingerprint());
  append_line(out, "hash_bits", hash_bits_);
  append_line(out, "seed", seed_);
  out += "samples";
  append_row(out, samples_);
  out += "bias";
  append_row(out, bias_);
  auto is_set = [](const auto& row) {
    return row[0] != 0.0F || row[1] != 0.0F || row[2] != 0.0F;
  };
  std::uint64_t count = 0;
  for (const auto& row : weights_)
    count += is_set(row);
  append_line(out, "weights", count);
  for (std::size_t i = 0; i < weights_.size(); ++i)
    if (is_set(weights_[i])) {
      append_number(out, i);
      append_row(out, weights_[i]);
    }
  auto seal = sha256_hex(out);
  out += seal_key;
  out += seal;
  out += '\n';
  return out;
}

/// Walks over a model's text. Its seal has been checked before weights are
/// read, so what is wrong there is a defect of the writer.
class model_reader {
public:
  explicit model_reader(std::string_view text) : whole_(text), rest_(text) {}

  classifier read() {
    check_kind();
    check_seal();
    classifier x;
    if (number<std::uint32_t>("features") != feature_version)
      refuse("made for another set of features", train_again);
    if (number<std::uint64_t>("lexicon") != lexicon_fingerprint())
      refuse("made with another lexicon", train_again);
    x.hash_bits_ = number<std::uint32_t>("hash_bits");
    if (x.hash_bits_ < 8 || x.hash_bits_ > 20)
      damaged("hash_bits");
    x.seed_ = number<std::uint64_t>("seed");
    expect("samples");
    for (auto& n : x.samples_)
      n = next<std::uint64_t>("samples");
    expect("bias");
    read_row(x.bias_, "bias");
    auto count = number<std::uint64_t>("weights");
    auto buckets = std::size_t{1} << x.hash_bits_;
    if (count > buckets)
      damaged("weights");
    x.weights_.resize(buckets);
    std::size_t lowest = 0;
    for (std::uint64_t n = 0; n < count; ++n) {
      auto index = next<std::uint64_t>("a weight's bucket");
      if (index < lowest || index >= buckets)
        damaged("a weight's bucket");
      lowest = index + 1;
      read_row(x.weights_[index], "a weight");
    }
    if (rest_.find_first_not_of("\n") != std::string_view::npos)
      damaged("its end");
    return x;
  }

private:
  [[noreturn]] static void damaged(std::string_view where) {
    refuse("the model is damaged at " + std::string{where},
           "restore the file, or train it again: banksia sentiment train");
  }

  void check_kind() {
    if (rest_.size() > classifier::text_bytes_max)
      refuse("larger than any sentiment model", "give a file that banksia "
                                                "sentiment train wrote");
    if (!rest_.starts_with(magic))
      refuse("not a sentiment model", "give a file that banksia sentiment "
                                      "train wrote");
    rest_.remove_prefix(magic.size());
    auto version = next<std::uint32_t>("its version");
    if (version > text_version)
      refuse("a model of version " + std::to_string(version)
               + ", and this build reads up to "
               + std::to_string(text_version),
             "use a later build, or train it again");
    if (version == 0)
      damaged("its version");
  }

  void check_seal() {
    // It covers all before it, the first line too.
    auto at = whole_.rfind(seal_key);
    if (at == std::string_view::npos || at == 0 || whole_[at - 1] != '\n')
      damaged("its end (the check sum is missing)");
    auto seal = whole_.substr(at + seal_key.size());
    if (seal.size() != 65 || seal.back() != '\n'
        || seal.substr(0, 64) != sha256_hex(whole_.substr(0, at)))
      damaged("some place (the check sum differs)");
    rest_.remove_suffix(whole_.size() - at);
  }

  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n'))
      rest_.remove_prefix(1);
  }

  void expect(std::string_view key) {
    skip_space();
    if (!rest_.starts_with(key) || rest_.size() == key.size()
        || rest_[key.size()] != ' ')
      damaged(key);
    rest_.remove_prefix(key.size());
  }

  template <class T>
  T next(std::string_view what) {
    skip_space();
    T x{};
    auto end = rest_.data() + rest_.size();
    auto [stop, error] = std::from_chars(rest_.data(), end, x);
    if (error != std::errc{}
        || (stop != end && *stop != ' ' && *stop != '\n'))
      damaged(what);
    rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
    return x;
  }

  template <class T>
  T number(std::string_view key) {
    expect(key);
    return next<T>(key);
  }

  void read_row(std::array<float, label_count>& row, std::string_view what) {
    for (auto& x : row) {
      x = next<float>(what);
      if (!std::isfinite(x))
        damaged(what);
    }
  }

  std::string_view whole_;
  std::string_view rest_; ///< not read yet
};

classifier classifier::from_text(std::string_view text) {
  return model_reader{text}.read();
}

} // namespace banksia::sentiment
