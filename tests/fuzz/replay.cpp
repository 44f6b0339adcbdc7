/// Runs a fuzz target without libFuzzer: first its corpus, then mutations of it
/// by a seed. It sees no coverage, so it finds less; it needs no clang.
///
///   fuzz_TARGET CORPUS [SECONDS] [SEED]
///
/// An input that ends the process is left in ./crash-input.

#include "runtime/resilience/splitmix.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace {

using banksia::splitmix;

constexpr std::size_t size_max = 16 * 1024;

std::string current; ///< the input that is being run

/// Only what a signal handler may do.
extern "C" void keep_input(int signal) {
  auto file = ::open("crash-input", O_CREAT | O_TRUNC | O_WRONLY, 0644);
  if (file >= 0 && ::write(file, current.data(), current.size()) >= 0)
    ::close(file);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(std::string input) {
  current = std::move(input);
  LLVMFuzzerTestOneInput(
    reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
}

/// Texts that formats have in common.
const char* const words[]{
  "0", "-1", "null", "1e999", "NaN", "\"", "[", "]", "{", "}", "<", ">", "</",
  "<![CDATA[", "]]>", "&#0;", "&amp;", "\n", "\r\n", ",", ":", ".", "\xFF",
  "\xEF\xBB\xBF", "9999999999999999999", "2026-02-30", "T24:00:00Z", "%00"};

std::string mutated(std::string text, const std::vector<std::string>& corpus,
                    splitmix& random) {
  auto place = [&] { return random.below(text.size() + 1); };
  for (auto n = 1 + random.below(6); n > 0; --n) {
    switch (random.below(7)) {
      case 0: // another byte
        if (!text.empty())
          text[random.below(text.size())] = static_cast<char>(random.next());
        break;
      case 1: // another bit
        if (!text.empty())
          text[random.below(text.size())]
            ^= static_cast<char>(1 << random.below(8));
        break;
      case 2: // less
        text.erase(place(), random.below(20));
        break;
      case 3: // a word
        text.insert(place(), words[random.below(std::size(words))]);
        break;
      case 4: { // a part twice
        auto from = place();
        text.insert(place(), text.substr(from, random.below(100)));
        break;
      }
      case 5: { // a part of another
        const auto& other = corpus[random.below(corpus.size())];
        auto from = random.below(other.size() + 1);
        text.insert(place(), other.substr(from, random.below(200)));
        break;
      }
      default: // cut off
        text.resize(place());
    }
  }
  text.resize(std::min(text.size(), size_max));
  return text;
}

std::vector<std::string> read_corpus(const char* folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> result;
  for (const auto& path : paths) {
    std::ifstream in{path, std::ios::binary};
    result.emplace_back(std::istreambuf_iterator<char>{in},
                        std::istreambuf_iterator<char>{});
  }
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2 || !std::filesystem::is_directory(argv[1])) {
    std::fprintf(stderr, "usage: %s CORPUS [SECONDS] [SEED]\n", argv[0]);
    return 2;
  }
  auto limit = std::chrono::seconds{argc > 2 ? std::atoi(argv[2]) : 20};
  auto seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  for (auto signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS, SIGTRAP})
    std::signal(signal, keep_input);
  auto corpus = read_corpus(argv[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "no corpus: %s\n", argv[1]);
    return 2;
  }
  for (const auto& input : corpus)
    run(input);
  splitmix random{seed};
  std::uint64_t runs = 0;
  auto end = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < end)
    for (int i = 0; i < 16; ++i, ++runs)
      run(mutated(corpus[random.below(corpus.size())], corpus, random));
  std::printf("%zu inputs, %llu mutations of them, seed %llu: none fails\n",
              corpus.size(), static_cast<unsigned long long>(runs),
              static_cast<unsigned long long>(seed));
}
