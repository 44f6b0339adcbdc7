#pragma once

/// `banksia-ml train` in virtual time: a program that says, writes and does what
/// the dice want, good and bad.

#include "actors/ml/training_program.hpp"
#include "tests/chaos/simulation/dice.hpp"
#include "tests/chaos/simulation/scenario.hpp"

#include <set>
#include <string>
#include <string_view>

namespace banksia::chaos {

class trace;

/// What trainings have made, kept outside of the program under test.
struct training_book {
  std::set<std::string> made;   ///< versions whose file was whole
  std::set<std::string> earned; ///< those that were found worth to serve
};

/// How a training goes.
enum class training_way {
  done,       ///< a model and a result
  crashes,    ///< ended by a signal
  fails,      ///< says why: a loss that is no number
  hangs,      ///< says nothing any more
  says_less,  ///< ends well, without a result
  garbage,    ///< what it writes nobody can read
  torn,       ///< half of its model is on disk
  missing,    ///< none of it is
  misnamed,   ///< its result names another model
};

std::string_view to_string(training_way x);

/// @param calm nothing goes wrong from then on
std::unique_ptr<training_program>
simulated_training(const scenario& of, const process::process_spec& spec,
                   training_program::time_point now, dice& numbers, trace& seen,
                   training_book& book, bool calm);

} // namespace banksia::chaos
