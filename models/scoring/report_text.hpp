#pragma once

/// The performance report in words, for a terminal.

#include "models/scoring/report.hpp"

#include <string>

namespace banksia {

/// One line without a line end: whether skill is shown, the success rate, the
/// best constant's and their difference with its interval, in percentage
/// points; or "no outcomes yet".
std::string headline_of(const performance_report& report);

/// The headline and the figures behind it, in lines that end in `\n`. Plain
/// ASCII without colour.
std::string to_text(const performance_report& report);

} // namespace banksia
