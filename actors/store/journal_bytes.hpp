#pragma once

/// The bytes of a journal: its frames on disk, read and written at a place of
/// the file. For the journal alone.

#include "actors/store/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace banksia::store::journal_bytes {

inline constexpr char magic[8] = {'B', 'N', 'K', 'S', 'J', 'R', 'N', 'L'};
inline constexpr std::size_t header_size = 16; ///< magic, version, checksum
inline constexpr std::size_t frame_size = 18;  ///< what precedes a payload

template <class T>
void put(char* to, T x) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    to[i] = static_cast<char>(x >> (8 * i));
}

template <class T>
T get(const char* from) {
  T x = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    x = static_cast<T>(x | T{static_cast<unsigned char>(from[i])} << (8 * i));
  return x;
}

std::uint32_t checksum(std::uint32_t so_far, const char* data,
                       std::size_t size);

/// Over length, sequence, kind and payload: a damaged length must not pass.
std::uint32_t checksum_of(const char* frame, std::span<const char> payload);

/// @throws storage::storage_error always, with what errno says
[[noreturn]] void raise(const char* what, const std::filesystem::path& file,
                        int code);

/// @returns the bytes read; fewer than wanted at the end of the file
/// @throws storage::storage_error
std::size_t read_at(int handle, char* to, std::size_t size,
                    std::uint64_t offset, const std::filesystem::path& file);

/// @returns 0 or what errno says
int write_at(int handle, std::span<const char> what, std::uint64_t offset);

/// Makes a name's coming or going durable. @returns 0 or what errno says
int sync_folder_of(const std::filesystem::path& file);

/// @throws storage::storage_error
std::uint64_t size_of(int handle, const std::filesystem::path& file);

/// A frame that counts; nothing when it is torn, damaged or not the next one.
/// @throws storage::storage_error
std::optional<journal_entry> frame_at(int handle, journal::position at,
                                      std::uint64_t end,
                                      const std::filesystem::path& file);

/// The checksum in the frame that begins there; 0 where the file ends before.
/// @throws storage::storage_error
std::uint32_t checksum_in(int handle, std::uint64_t frame,
                          const std::filesystem::path& file);

void advance(journal::position& at, const journal_entry& past);

} // namespace banksia::store::journal_bytes
