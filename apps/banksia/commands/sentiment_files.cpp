#include "apps/banksia/commands/sentiment_files.hpp"

#include "models/sentiment/labelled_text.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace banksia::commands {

namespace {

constexpr std::size_t labelled_bytes_max = 512 << 20;

/// All of a file of at most `limit` bytes.
std::string read_all(const std::filesystem::path& file, std::size_t limit) {
  std::error_code code;
  if (!std::filesystem::exists(file, code))
    throw command_error(exit_bad_data, "no such file: " + file.string()
                                         + ": give another path");
  if (!std::filesystem::is_regular_file(file, code))
    throw command_error(exit_bad_data, "not a file: " + file.string()
                                         + ": give the path of a file");
  std::ifstream in{file, std::ios::binary};
  if (!in)
    throw command_error(exit_bad_data, "cannot read: " + file.string() + ": "
                                         + std::strerror(errno)
                                         + ": check its permissions");
  // One byte more tells a file that is too large, also one that grows.
  std::string text;
  constexpr std::size_t step = 1 << 20;
  while (text.size() <= limit) {
    auto at = text.size();
    text.resize(at + step);
    in.read(text.data() + at, static_cast<std::streamsize>(step));
    text.resize(at + static_cast<std::size_t>(in.gcount()));
    if (text.size() < at + step)
      break;
  }
  if (in.bad())
    throw command_error(exit_bad_data, "cannot read: " + file.string()
                                         + ": check the disk");
  if (text.size() > limit)
    throw command_error(exit_bad_data,
                        "too large: " + file.string() + ": give a file of at "
                          "most " + std::to_string(limit >> 20) + " MiB");
  return text;
}

[[noreturn]] void cannot_write(const std::filesystem::path& file, int code) {
  throw command_error(exit_failed, "cannot write the model: " + file.string()
                                     + ": " + std::strerror(code)
                                     + ": check the folder and free space");
}

} // namespace

std::vector<sentiment::labelled_sentence>
read_labelled(const std::filesystem::path& file) {
  auto text = read_all(file, labelled_bytes_max);
  try {
    return sentiment::parse_labelled(text);
  } catch (const sentiment::labelled_error& error) {
    auto where = file.string()
                 + (error.line() > 0 ? ":" + std::to_string(error.line()) : "");
    throw command_error(exit_bad_data,
                        "bad labelled sentences: " + where + ": "
                          + error.advice());
  }
}

sentiment::classifier read_sentiment_model(const std::filesystem::path& file) {
  auto text = read_all(file, sentiment::classifier::text_bytes_max);
  try {
    return sentiment::classifier::from_text(text);
  } catch (const sentiment::model_error& error) {
    throw command_error(exit_bad_data, "cannot use the sentiment model: "
                                         + file.string() + ": "
                                         + error.what());
  }
}

std::shared_ptr<const sentiment::classifier>
configured_sentiment_model(const config_options& options,
                           const config::settings& settings) {
  if (settings.sentiment_model == "lexicon")
    return nullptr;
  try {
    return std::make_shared<const sentiment::classifier>(read_sentiment_model(
      options.under_data_dir(settings.sentiment_model)));
  } catch (const command_error& error) {
    throw command_error(exit_bad_config,
                        "configuration, key sentiment_model: "
                          + std::string{error.what()}
                          + ", or set \"lexicon\"");
  }
}

void write_sentiment_model(const std::filesystem::path& file,
                           const sentiment::classifier& model) {
  auto beside = file;
  beside += ".new";
  std::error_code ignored;
  // A folder that cannot be made shows below, with its reason.
  if (file.has_parent_path())
    std::filesystem::create_directories(file.parent_path(), ignored);
  {
    errno = 0;
    std::ofstream out{beside, std::ios::binary | std::ios::trunc};
    auto text = model.to_text();
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!out) {
      auto code = errno;
      std::filesystem::remove(beside, ignored);
      cannot_write(file, code);
    }
  }
  std::error_code code;
  std::filesystem::rename(beside, file, code);
  if (code) {
    std::filesystem::remove(beside, ignored);
    cannot_write(file, code.value());
  }
}

} // namespace banksia::commands
