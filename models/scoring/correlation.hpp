#pragma once

/// Whether larger forecasts go with larger returns.

#include <optional>
#include <span>
#include <vector>

namespace banksia {

/// Ranks from 1; equal values share the mean of their ranks.
std::vector<double> ranks_of(std::span<const double> xs);

/// Pearson's correlation of two series of equal length, in -1 … 1. None under
/// two samples or where one series does not vary.
std::optional<double> pearson(std::span<const double> xs,
                              std::span<const double> ys);

/// Spearman's rank correlation: Pearson's of the ranks. Of forecasts and
/// returns it is the information coefficient (Grinold and Kahn, "Active
/// portfolio management", 2000).
std::optional<double> spearman(std::span<const double> xs,
                               std::span<const double> ys);

/// The correlation made of n, sum x, sum y, sum xx, sum yy, sum xy; none where
/// a series does not vary.
std::optional<double> correlation_of(double n, double x, double y, double xx,
                                     double yy, double xy);

/// The chance that a sample which is `positive` has a larger score than one
/// which is not, ties counting half (the area under the ROC curve: Hanley and
/// McNeil, Radiology 143, 1982). None where one kind is missing.
std::optional<double> area_under_curve(std::span<const double> scores,
                                       const std::vector<bool>& positive);

/// The same where the scores' ranks (`ranks_of`) are known.
std::optional<double> area_of_ranks(std::span<const double> ranks,
                                    const std::vector<bool>& positive);

} // namespace banksia
