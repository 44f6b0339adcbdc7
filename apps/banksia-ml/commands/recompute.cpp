#include "apps/banksia-ml/commands/commands.hpp"

#include "actors/ml/model_channels.hpp"
#include "actors/ml/model_inputs.hpp"
#include "actors/registry/registry_folder.hpp"
#include "apps/common/output.hpp"
#include "models/forecast/json_fields.hpp"
#include "models/forecast/numeric_environment.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <bit>
#include <charconv>
#include <iostream>
#include <iterator>
#include <span>

namespace banksia::commands {

namespace {

namespace json = boost::json;
using forecast::field_error;

constexpr std::size_t input_bytes_max = 1 << 20;

/// What is computed again, and where it once lay.
struct recompute_request {
  std::string model_version;
  std::uint32_t batch_rows = 0;
  std::uint32_t batch_slot = 0;
  forecast_row row;
};

std::uint64_t bits_from(std::string_view text, const std::string& what) {
  std::uint64_t bits = 0;
  auto end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, bits, 16);
  if (text.size() != 16 || parsed.ec != std::errc{} || parsed.ptr != end)
    throw field_error(what + ": not 16 hex digits");
  return bits;
}

std::string bytes_from(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    auto part = text.substr(i, 2);
    auto end = part.data() + part.size();
    auto parsed = std::from_chars(part.data(), end, byte, 16);
    if (part.size() != 2 || parsed.ec != std::errc{} || parsed.ptr != end)
      throw field_error("window: not pairs of hex digits");
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

feature_vector features_from(const json::object& x) {
  const auto& values = forecast::array_member(x, "features");
  if (values.size() != feature_count)
    throw field_error("features: " + std::to_string(values.size()) + " of "
                      + std::to_string(feature_count));
  feature_vector out;
  out.mask = bits_from(forecast::text_member(x, "mask"), "mask");
  for (std::size_t i = 0; i < feature_count; ++i) {
    const auto* text = values[i].if_string();
    if (text == nullptr)
      throw field_error("features: not texts");
    out.values[i] = std::bit_cast<double>(
      bits_from(*text, "features: " + std::string{feature_names[i]}));
  }
  return out;
}

recompute_request request_from(const std::string& text) {
  auto document = forecast::parse_document(text);
  const auto& x = forecast::as_object(document, "the request");
  recompute_request out;
  out.model_version = forecast::text_member(x, "model_version");
  out.batch_rows = forecast::small_member(x, "batch_rows");
  out.batch_slot = forecast::small_member(x, "batch_slot");
  out.row.symbol = forecast::text_member(x, "symbol");
  out.row.features = features_from(x);
  out.row.window.mask = forecast::small_member(x, "window_mask");
  out.row.window.values = bytes_from(forecast::text_member(x, "window"));
  return out;
}

std::string read_input(std::istream& in) {
  std::string text;
  char buffer[4096];
  while (text.size() <= input_bytes_max
         && (in.read(buffer, sizeof buffer), in.gcount() > 0))
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
  if (text.size() > input_bytes_max)
    throw field_error("longer than "
                      + std::to_string(input_bytes_max) + " bytes");
  return text;
}

/// A number as its bits, which are exact, and for people.
json::object number(double x) {
  constexpr char digits[] = "0123456789abcdef";
  auto bits = std::bit_cast<std::uint64_t>(x);
  std::string text(16, '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at, bits >>= 4)
    *at = digits[bits & 0xf];
  return {{"bits", text}, {"value", x}};
}

json::object forecast_json(const forecast::row_forecast& x) {
  return {{"down", number(x.probabilities[0])},
          {"flat", number(x.probabilities[1])},
          {"up", number(x.probabilities[2])},
          {"magnitude", number(x.magnitude)},
          {"batch_rows", x.batch_rows},
          {"batch_slot", x.slot}};
}

json::object attribution_json(const forecast::attribution& x) {
  json::object features;
  for (std::size_t i = 0; i < feature_count; ++i)
    features[feature_names[i]] = x.features[i];
  return {{"score", x.score},   {"features", std::move(features)},
          {"bars", x.bars},     {"symbol", x.symbol},
          {"rest", x.rest}};
}

json::object recomputed(const registry_folder& folder,
                        const recompute_request& asked) {
  auto content = folder.load(asked.model_version);
  auto model = forecast::forecast_model::from_tensors(content.manifest.shape,
                                                      content.tensors);
  if (auto problem = channel_problem(model.shape()); !problem.empty())
    throw command_error(exit_bad_data, "the model cannot be used: "
                                         + asked.model_version + ": " + problem);
  auto inputs = inputs_of(model, std::span{&asked.row, 1});
  auto found
    = model.forecast_at(inputs, 0, asked.batch_rows, asked.batch_slot);
  return {{"model_version", asked.model_version},
          {"environment",
           to_string(forecast::current_numeric_environment())},
          {"forecast", forecast_json(found)},
          {"outlying", count_outlying(model.scales(), asked.row.features)},
          {"attribution", attribution_json(model.attribute(inputs, 0))}};
}

int recompute(const std::string& models) {
  try {
    print_json(recomputed(registry_folder{models},
                          request_from(read_input(std::cin))));
  } catch (const field_error& error) {
    throw command_error(exit_bad_data,
                        std::string{"not a request: stdin: "} + error.what()
                          + ": banksia-ml recompute --help shows its form");
  } catch (const forecast::forecast_error& error) {
    throw command_error(exit_bad_data, error.what());
  } catch (const registry_failure& error) {
    throw command_error(error.fault() == registry_fault::damaged
                          ? exit_bad_data
                          : exit_failed,
                        error.what());
  }
  return exit_done;
}

} // namespace

void add_recompute(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "recompute", "compute one stored forecast again, and why it is so");
  auto models = std::make_shared<std::string>();
  command->add_option("--models", *models, "the folder of models")->required();
  command->footer(
    "Reads one JSON document from stdin:\n"
    "  {\"model_version\": …, \"symbol\": …, \"batch_rows\": n, \"batch_slot\": "
    "n,\n"
    "   \"features\": [53 × 16 hex digits: the bits of a double],\n"
    "   \"mask\": 16 hex digits, \"window\": bytes in hex, \"window_mask\": n}\n"
    "and prints one: the forecast's numbers as bits and as decimals, and what "
    "speaks for\nup against down.\n\nExamples:\n"
    "  banksia-ml recompute --models models < request.json");
  command->callback(
    [models, &chosen] { chosen = [models] { return recompute(*models); }; });
}

} // namespace banksia::commands
