#pragma once

/// A walk-forward as people and scripts read it. No wall times: the same build
/// and kernels write the same bytes.

#include "actors/learning/verdict.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace banksia::learning {

/// The evaluation's members (`models/scoring/evaluation_json.hpp`), and
/// `verdict{promote, text, reasons[], direction_gain, …}, folds[], dataset{}`.
boost::json::object to_json(const dataset& data, const walk_result& result,
                            const model_verdict& verdict);

/// The same in words, in lines that end in `\n`.
std::string to_text(const dataset& data, const walk_result& result,
                    const model_verdict& verdict);

} // namespace banksia::learning
