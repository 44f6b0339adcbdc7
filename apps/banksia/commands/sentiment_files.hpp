#pragma once

/// The files of `banksia sentiment`.

#include "models/sentiment/classifier.hpp"

#include <filesystem>
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

/// Writes beside and renames: a reader never sees half a model.
/// @throws command_error with exit 1
void write_sentiment_model(const std::filesystem::path& file,
                           const sentiment::classifier& model);

} // namespace banksia::commands
