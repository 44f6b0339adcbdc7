#pragma once

/// A model as one file: manifest and tensors, sealed. Functions on bytes; who
/// calls them reads and writes.
///
/// Little-endian throughout:
///
///     8 bytes    "BANKSIAM"
///     u32        format, 1
///     u64        bytes of the whole file
///     u64        bytes of the header
///     header     JSON: {"manifest": {…}, "tensors": [{name, width, shape}, …]}
///     numbers    of each tensor in the header's order, 4 or 8 bytes each
///     64 bytes   SHA-256 over all before it, hex

#include "models/forecast/model_manifest.hpp"
#include "models/forecast/tensor.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::forecast {

/// Why a file is refused.
enum class model_file_fault : std::uint8_t {
  not_a_model,   ///< it begins with something else, or is impossibly large
  other_version, ///< a format or a set of features of another build
  truncated,     ///< shorter than it says
  tampered,      ///< its bytes are not those that were sealed
  malformed,     ///< sealed, but not what a writer of ours writes
};

std::string_view to_string(model_file_fault x) noexcept;

/// Says what is wrong and what to do.
class model_file_error : public std::runtime_error {
public:
  model_file_error(model_file_fault fault, const std::string& text)
    : std::runtime_error(text), fault_(fault) {}

  model_file_fault fault() const noexcept { return fault_; }

private:
  model_file_fault fault_;
};

struct model_content {
  model_manifest manifest;
  std::vector<named_tensor> tensors;

  friend bool operator==(const model_content&, const model_content&) = default;
};

inline constexpr std::uint32_t model_format = 1;

/// A larger file is no model of ours.
inline constexpr std::size_t model_bytes_max = 256 << 20;

/// The file's bytes. The same content gives the same bytes.
std::string to_bytes(const model_content& x);

/// Reads what `to_bytes` wrote. With `sha256` (the registry's, over the whole
/// file) a file that was exchanged for another sealed one is refused too.
/// @throws model_file_error
model_content from_bytes(std::string_view bytes, std::string_view sha256 = {});

} // namespace banksia::forecast
