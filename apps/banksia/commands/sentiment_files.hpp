#pragma once

/// The files of `banksia sentiment`.

#include "apps/common/command.hpp"
#include "models/sentiment/classifier.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace banksia::commands {

/// Labelled sentences of a tab-separated file.
/// @throws command_error with exit 65, the file and line, and what to do
std::vector<sentiment::labelled_sentence>
read_labelled(const std::filesystem::path& file);

/// A model that `banksia sentiment train` wrote.
/// @throws command_error with exit 65 when it is damaged or none of ours
sentiment::classifier read_sentiment_model(const std::filesystem::path& file);

/// The model that the key `sentiment_model` names; null for the lexicon.
/// @throws command_error with exit 78, the key and what is wrong with the file
std::shared_ptr<const sentiment::classifier>
configured_sentiment_model(const config_options& options,
                           const config::settings& settings);

/// Writes beside and renames: a reader never sees half a model.
/// @throws command_error with exit 1
void write_sentiment_model(const std::filesystem::path& file,
                           const sentiment::classifier& model);

} // namespace banksia::commands
