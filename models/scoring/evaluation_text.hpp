#pragma once

/// The evaluation in words, for a terminal.

#include "models/scoring/evaluation_report.hpp"

#include <string>

namespace banksia {

/// Every forecast with its verdict and the figures behind it, then a table of
/// the baselines, in lines that end in `\n`. Plain ASCII without colour.
std::string to_text(const evaluation_report& report);

} // namespace banksia
