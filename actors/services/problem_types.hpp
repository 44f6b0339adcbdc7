#pragma once

/// The kinds of problems that only the services have, beside those of the
/// HTTP server; the pages about all of them.

#include "runtime/http/problem_type.hpp"
#include "runtime/http/router.hpp"

#include <vector>

namespace banksia {

namespace problems {

using namespace http::problems;
using http::problem_type;

inline constexpr problem_type unknown_symbol{
  "unknown-symbol", 422, "Not a symbol that is followed",
  "`field` names where it stands; GET /data/symbols lists those there are."};
inline constexpr problem_type no_such_prediction{
  "no-such-prediction", 404, "No such prediction",
  "GET /predictions lists those there are."};
inline constexpr problem_type no_such_training{
  "no-such-training", 404, "No such training",
  "GET /ml/trainings lists those there are."};
inline constexpr problem_type no_such_model{
  "no-such-model", 404, "No such model",
  "GET /ml/models lists those there are."};
inline constexpr problem_type nothing_predicted_yet{
  "nothing-predicted-yet", 409, "No slot is predicted yet",
  "Ask again after `next_slot`."};
inline constexpr problem_type training_under_way{
  "training-under-way", 409, "A training is under way",
  "There is one at a time: wait for the one in `training_id`, or cancel it."};
inline constexpr problem_type training_ended{
  "training-ended", 409, "That training is not under way",
  "It has ended, so there is nothing to cancel."};
inline constexpr problem_type model_not_fit{
  "model-not-fit", 409, "The registry does not allow it",
  "A model's status decides what may become of it; the detail says why not."};
inline constexpr problem_type listing_conflict{
  "listing-conflict", 409, "That cannot happen to this symbol now",
  "What is followed is in another state than the change needs."};
inline constexpr problem_type not_ready{
  "not-ready", 503, "The node is not ready",
  "It starts, drains, or has lost a part that it cannot do without: "
  "`reasons` says which. A balancer looks elsewhere."};
inline constexpr problem_type not_alive{
  "not-alive", 503, "The node's actors do not run",
  "Its process should be started again."};
inline constexpr problem_type part_away{
  "part-away", 503, "A part of the node is away",
  "The detail names it. It is started again by itself where it is "
  "configured: try again."};
inline constexpr problem_type part_failing{
  "part-failing", 503, "A part of the node keeps failing",
  "The part in `dependency` gave no answer again and again, so it is not "
  "asked until a probe shows that it is well: Retry-After says when."};
inline constexpr problem_type part_busy{
  "part-busy", 503, "Too many wait for one part of the node",
  "The part in `dependency` has as many questions as may wait for it: try "
  "again."};
inline constexpr problem_type part_silent{
  "part-silent", 504, "A part of the node did not answer in time",
  "The detail names it. What changes something may happen yet."};
inline constexpr problem_type database_away{
  "database-away", 503, "The database does not answer",
  "The detail says why. What is promised stays promised: it is in the "
  "journal."};
inline constexpr problem_type overloaded{
  "overloaded", 503, "More requests than can be answered",
  "The service in `service` has more to do than it can in time. Others are "
  "not concerned. Retry-After says when to come again."};
inline constexpr problem_type too_many_streams{
  "too-many-streams", 503, "Too many event streams are open",
  "Close some, or try again."};

} // namespace problems

/// The server's kinds and the services', by status.
std::vector<const http::problem_type*> all_problem_types();

/// `GET /problems` and `GET /problems/{name}`: what the kinds mean, as text.
void add_problem_routes(http::router& into);

} // namespace banksia
