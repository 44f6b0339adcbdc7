#pragma once

/// What a fuzz target demands of a parser beside not crashing.

#include <cstdio>
#include <cstdlib>

/// Ends the process where `condition` does not hold, which is a finding.
#define BANKSIA_REQUIRE(condition)                                            \
  do {                                                                        \
    if (!(condition)) {                                                       \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,  \
                   #condition);                                               \
      std::abort();                                                           \
    }                                                                         \
  } while (false)
