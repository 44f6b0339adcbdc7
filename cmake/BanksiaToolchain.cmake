# Compiler settings that every target of ours shares: warnings as errors,
# sanitizers by preset, ccache and mold where the machine has them.

set(BANKSIA_SANITIZER "" CACHE STRING
  "address, undefined, both with a comma between, or thread; empty for none")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers are cached only with these relaxations. Paths below the
  # repository do not count, so that one checkout uses what another has compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
      CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros
      ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

# maybe-uninitialized: CAF 0.17 fills a value that it has just declared, and
# GCC reports it in our file once that is inlined.
add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wno-psabi
  -Wno-maybe-uninitialized
  $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
# Never -ffast-math nor -march=native: a stored prediction is recomputed bit
# for bit, so the same source must give the same arithmetic everywhere.
add_compile_options(-ffp-contract=off)
# Assertions about impossible states stay on in every build type.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
string(REPLACE "-g" "-g1" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")

if(BANKSIA_SANITIZER)
  add_compile_options(-fsanitize=${BANKSIA_SANITIZER} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BANKSIA_SANITIZER})
  if(BANKSIA_SANITIZER MATCHES "undefined")
    # Null references go on to the runtime, which alone can suppress them.
    add_compile_options(-fno-sanitize-recover=undefined -fsanitize-recover=null)
  endif()
  # GCC's flow analysis reports false positives under instrumentation.
  add_compile_options(-Wno-tsan)
  # GCC takes 2.4 times as long to optimise what it has instrumented.
  string(REPLACE "-O2" "-O0" CMAKE_CXX_FLAGS_RELWITHDEBINFO
    "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
  # Options and suppressions are a part of each program: what a test starts, and
  # what that starts, has them too.
  set(BANKSIA_FINDINGS_DIR "${CMAKE_BINARY_DIR}/findings")
  file(MAKE_DIRECTORY ${BANKSIA_FINDINGS_DIR})
  add_library(banksia_sanitizer_defaults OBJECT
    ${PROJECT_SOURCE_DIR}/tests/sanitizers/defaults.cpp)
  # It runs before the sanitizer does.
  target_compile_options(banksia_sanitizer_defaults PRIVATE -fno-sanitize=all)
  target_compile_definitions(banksia_sanitizer_defaults PRIVATE
    BANKSIA_FINDINGS_DIR="${BANKSIA_FINDINGS_DIR}"
    BANKSIA_SUPPRESSIONS_DIR="${PROJECT_SOURCE_DIR}/tests/sanitizers")
  link_libraries(banksia_sanitizer_defaults)
endif()

# The pure libraries and the fuzz targets alone, by clang (preset `fuzz`).
option(BANKSIA_FUZZ "build the libFuzzer targets of tests/fuzz and nothing else" OFF)
if(BANKSIA_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "BANKSIA_FUZZ needs clang++: use the preset fuzz")
  endif()
  # GCC is the compiler whose warnings count.
  add_compile_options(-Wno-error -w
    -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# banksia_library(NAME SOURCES ... DEPENDS ...): a static library rooted at the
# repository, so that includes read like paths ("models/market/calendar.hpp").
function(banksia_library name)
  cmake_parse_arguments(ARG "CAF" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
  if(ARG_CAF)
    target_link_libraries(${name} PUBLIC CAF::core)
    if(TARGET banksia_messages AND NOT name STREQUAL banksia_messages)
      target_precompile_headers(${name} REUSE_FROM banksia_messages)
    endif()
  endif()
endfunction()

# banksia_test(NAME LABEL unit SOURCES ... DEPENDS ...): one program of CAF
# test suites; each suite is one ctest entry. A suite that runs no check fails,
# because CAF's runner exits 0 when a name matches nothing.
function(banksia_test name)
  cmake_parse_arguments(ARG "CAF" "LABEL;TIMEOUT;TEST_SECONDS" "SUITES;SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES} ${PROJECT_SOURCE_DIR}/tests/main.cpp)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} CAF::core)
  target_compile_definitions(${name} PRIVATE
    BANKSIA_BINARY_DIR="${CMAKE_BINARY_DIR}/bin"
    BANKSIA_SHARED_DATA="${PROJECT_SOURCE_DIR}/../shared/data")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  # CAF's own limit for one test; sanitizers take their time.
  set(seconds_max 30)
  if(ARG_TEST_SECONDS)
    set(seconds_max ${ARG_TEST_SECONDS})
  endif()
  if(BANKSIA_SANITIZER)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 5")
    math(EXPR seconds_max "${seconds_max} * 5")
  endif()
  foreach(suite ${ARG_SUITES})
    add_test(NAME ${ARG_LABEL}/${suite} COMMAND ${name} -n -v 3 -r ${seconds_max} -s "^${suite}$")
    set_tests_properties(${ARG_LABEL}/${suite} PROPERTIES
      LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
      FAIL_REGULAR_EXPRESSION "checks:  0\n"
      SKIP_REGULAR_EXPRESSION "banksia-skip:")
  endforeach()
endfunction()
