#include "models/forecast/model_file.hpp"

#include "messages/ids.hpp"
#include "models/forecast/json_fields.hpp"

#include <boost/json/serialize.hpp>

#include <bit>

namespace banksia::forecast {

namespace json = boost::json;

namespace {

constexpr std::string_view magic = "BANKSIAM";
constexpr std::size_t seal_size = 64;
constexpr std::size_t prefix_size = magic.size() + 4 + 8 + 8;
constexpr std::size_t dimensions_max = 4;

template <class Number>
void append_little(std::string& to, Number x) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    to += static_cast<char>(x >> (8 * i) & 0xff);
}

template <class Number>
Number read_little(std::string_view from) {
  Number x = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    x |= static_cast<Number>(static_cast<unsigned char>(from[i])) << (8 * i);
  return x;
}

void append_numbers(std::string& to, const named_tensor& x) {
  for (auto value : x.values)
    if (x.width == number_width::single)
      append_little(to, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
    else
      append_little(to, std::bit_cast<std::uint64_t>(value));
}

json::object describe(const named_tensor& x) {
  json::array shape;
  for (auto n : x.shape)
    shape.emplace_back(n);
  return {{"name", x.name},
          {"width", static_cast<std::uint64_t>(x.width)},
          {"shape", std::move(shape)}};
}

[[noreturn]] void refuse(model_file_fault fault, const std::string& what) {
  auto advice = fault == model_file_fault::not_a_model
                  ? "give a file of the models folder"
                : fault == model_file_fault::other_version
                  ? "use the build that wrote it, or train again"
                  : "restore the file, or train again";
  throw model_file_error(fault, what + ": " + advice);
}

/// Takes the parts of a file one after the other.
class model_file_reader {
public:
  explicit model_file_reader(std::string_view bytes) : bytes_(bytes) {}

  void check_outside(std::string_view sha256) const {
    if (bytes_.size() > model_bytes_max || !bytes_.starts_with(magic))
      refuse(model_file_fault::not_a_model, "not a model");
    if (bytes_.size() < prefix_size + seal_size)
      refuse(model_file_fault::truncated, "the model's file ends too soon");
    auto format = read_little<std::uint32_t>(bytes_.substr(magic.size()));
    if (format != model_format)
      refuse(model_file_fault::other_version,
             "a model of format " + std::to_string(format)
               + ", and this build reads " + std::to_string(model_format));
    auto size = read_little<std::uint64_t>(bytes_.substr(magic.size() + 4));
    if (bytes_.size() < size)
      refuse(model_file_fault::truncated,
             "the model's file has " + std::to_string(bytes_.size()) + " of "
               + std::to_string(size) + " bytes");
    auto sealed = bytes_.substr(0, bytes_.size() - seal_size);
    if (bytes_.substr(sealed.size()) != sha256_hex(sealed)
        || bytes_.size() != size)
      refuse(model_file_fault::tampered,
             "the model's file is not what was sealed");
    if (!sha256.empty() && sha256_hex(bytes_) != sha256)
      refuse(model_file_fault::tampered,
             "the model's file is not the one that was registered");
  }

  model_content read() {
    auto header_size
      = read_little<std::uint64_t>(bytes_.substr(magic.size() + 12));
    auto body = bytes_.substr(prefix_size,
                              bytes_.size() - prefix_size - seal_size);
    if (header_size > body.size())
      malformed("its header is longer than the file");
    rest_ = body.substr(header_size);
    model_content out;
    try {
      auto document = parse_document(body.substr(0, header_size));
      const auto& header = as_object(document, "header");
      out.manifest = manifest_from_json(object_member(header, "manifest"));
      for (const auto& x : array_member(header, "tensors"))
        out.tensors.push_back(read_tensor(as_object(x, "tensors")));
    } catch (const field_error& error) {
      malformed(error.what());
    }
    if (!rest_.empty())
      malformed("there are more numbers than tensors");
    if (out.manifest.feature_set != feature_set_version)
      refuse(model_file_fault::other_version,
             "a model of feature set "
               + std::to_string(out.manifest.feature_set)
               + ", and this build has "
               + std::to_string(feature_set_version));
    return out;
  }

private:
  [[noreturn]] static void malformed(const std::string& what) {
    refuse(model_file_fault::malformed, "the model's file is malformed: " + what);
  }

  named_tensor read_tensor(const json::object& x) {
    named_tensor out;
    out.name = text_member(x, "name");
    auto width = count_member(x, "width");
    if (width != 4 && width != 8)
      malformed(out.name + ": numbers of " + std::to_string(width) + " bytes");
    out.width = static_cast<number_width>(width);
    const auto& shape = array_member(x, "shape");
    if (shape.size() > dimensions_max)
      malformed(out.name + ": too many dimensions");
    auto room = rest_.size() / width; // numbers that can be left
    std::size_t count = 1;
    for (const auto& n : shape) {
      if (!n.is_int64() || n.get_int64() < 0 || n.get_int64() > 0x7fffffff
          || (n.get_int64() > 0
              && count > room / static_cast<std::size_t>(n.get_int64())))
        malformed(out.name + ": its shape does not fit the file");
      count *= static_cast<std::size_t>(n.get_int64());
      out.shape.push_back(static_cast<std::uint32_t>(n.get_int64()));
    }
    if (count > room)
      malformed(out.name + ": its shape does not fit the file");
    out.values.reserve(count);
    for (std::size_t i = 0; i < count; ++i, rest_.remove_prefix(width))
      out.values.push_back(
        width == 4 ? static_cast<double>(
          std::bit_cast<float>(read_little<std::uint32_t>(rest_)))
                   : std::bit_cast<double>(read_little<std::uint64_t>(rest_)));
    return out;
  }

  std::string_view bytes_;
  std::string_view rest_; ///< numbers not read yet
};

} // namespace

std::string_view to_string(model_file_fault x) noexcept {
  switch (x) {
    case model_file_fault::not_a_model: return "not_a_model";
    case model_file_fault::other_version: return "other_version";
    case model_file_fault::truncated: return "truncated";
    case model_file_fault::tampered: return "tampered";
    case model_file_fault::malformed: return "malformed";
  }
  return "?";
}

std::string to_bytes(const model_content& x) {
  json::array tensors;
  std::size_t numbers = 0;
  for (const auto& tensor : x.tensors) {
    tensors.emplace_back(describe(tensor));
    numbers += tensor.values.size() * static_cast<std::size_t>(tensor.width);
  }
  auto header = json::serialize(json::object{
    {"manifest", to_json(x.manifest)}, {"tensors", std::move(tensors)}});
  std::string out{magic};
  out.reserve(prefix_size + header.size() + numbers + seal_size);
  append_little(out, model_format);
  append_little(out, static_cast<std::uint64_t>(prefix_size + header.size()
                                                + numbers + seal_size));
  append_little(out, static_cast<std::uint64_t>(header.size()));
  out += header;
  for (const auto& tensor : x.tensors)
    append_numbers(out, tensor);
  out += sha256_hex(out);
  return out;
}

model_content from_bytes(std::string_view bytes, std::string_view sha256) {
  model_file_reader reader{bytes};
  reader.check_outside(sha256);
  return reader.read();
}

} // namespace banksia::forecast
