// Writes docs/features.md to the standard output.

#include "models/features/feature_table.hpp"

#include <iostream>

int main() {
  std::cout << banksia::feature_reference() << std::flush;
  return std::cout ? 0 : 1;
}
