#define CAF_SUITE store_journal
#include "actors/store/journal.hpp"
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/unit/storage/file_size_limit.hpp"
#include "tests/scratch_folder.hpp"

#include "caf/test/unit_test.hpp"

#include <fstream>
#include <iterator>
#include <string>

using namespace banksia;
using namespace banksia::store;
using storage::failure;
using storage_test::failure_of;

namespace {

struct journal_fixture {
  test::scratch_folder folder;
  std::filesystem::path file = journal_file(folder.file());
};

void put(journal& to, std::uint16_t kind, const std::string& text) {
  to.append(kind, std::vector<char>(text.begin(), text.end()));
}

/// "kind:payload" of all that comes back, in order.
std::vector<std::string> all(const journal& x) {
  std::vector<std::string> result;
  journal::position at;
  while (auto entry = x.next(at)) {
    CAF_CHECK_EQUAL(entry->sequence, result.size() + 1);
    result.push_back(std::to_string(entry->kind) + ":"
                     + std::string(entry->payload.begin(),
                                   entry->payload.end()));
  }
  return result;
}

std::vector<std::string> recovered(const std::filesystem::path& file) {
  journal x{file};
  x.recover();
  return all(x);
}

std::string content(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream{file, std::ios::binary} << bytes;
}

using texts = std::vector<std::string>;

const texts three{"1:first", "2:", "9:third"};

void write_three(const std::filesystem::path& file) {
  journal x{file};
  put(x, 1, "first");
  put(x, 2, "");
  put(x, 9, "third");
  x.sync();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(journal_tests, journal_fixture)

CAF_TEST(nothing is touched before the first group) {
  journal x{file};
  CAF_CHECK(!x.recover());
  x.sync();
  put(x, 1, "never");
  x.discard();
  x.sync();
  x.remove();
  CAF_CHECK(!std::filesystem::exists(file));
  CAF_CHECK_EQUAL(measure_journal(file).records, 0u);
}

CAF_TEST(what was written comes back in order) {
  write_three(file);
  journal x{file};
  CAF_CHECK(x.recover());
  CAF_CHECK_EQUAL(x.records(), 3u);
  CAF_CHECK_EQUAL(x.cut_bytes(), 0u);
  CAF_CHECK_EQUAL(all(x), three);
  put(x, 4, "fourth");
  CAF_CHECK_EQUAL(all(x).size(), 3u); // not durable yet
  x.sync();
  CAF_CHECK(all(x).back() == "4:fourth");
  CAF_CHECK_EQUAL(x.bytes(), std::filesystem::file_size(file));
  CAF_CHECK_EQUAL(recovered(file), all(x));
}

CAF_TEST(another may measure it) {
  write_three(file);
  auto extent = measure_journal(file);
  CAF_CHECK_EQUAL(extent.records, 3u);
  CAF_CHECK_EQUAL(extent.bytes, std::filesystem::file_size(file));
}

CAF_TEST(a group that is not synced is not there) {
  {
    journal x{file};
    put(x, 1, "a");
    x.sync();
    put(x, 2, "b");
  }
  CAF_CHECK_EQUAL(recovered(file), texts{"1:a"});
}

CAF_TEST(a record torn at any byte is cut and the others stay) {
  write_three(file);
  auto whole = content(file);
  auto last = whole.size() - 18 - std::string{"third"}.size();
  for (auto size = last; size < whole.size(); ++size) {
    write(file, whole.substr(0, size));
    journal x{file};
    CAF_REQUIRE(x.recover());
    CAF_REQUIRE_EQUAL(all(x), (texts{"1:first", "2:"}));
    CAF_REQUIRE_EQUAL(x.cut_bytes(), size - last);
    CAF_REQUIRE_EQUAL(std::filesystem::file_size(file), last);
    // It goes on behind the cut.
    put(x, 7, "after");
    x.sync();
    CAF_REQUIRE_EQUAL(recovered(file), (texts{"1:first", "2:", "7:after"}));
  }
}

CAF_TEST(any flipped bit of the last record cuts it) {
  write_three(file);
  auto whole = content(file);
  auto last = whole.size() - 18 - std::string{"third"}.size();
  for (auto bit = last * 8; bit < whole.size() * 8; ++bit) {
    auto damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    write(file, damaged);
    CAF_REQUIRE_EQUAL(recovered(file), (texts{"1:first", "2:"}));
  }
}

CAF_TEST(a damaged record hides those behind it but they are kept aside) {
  write_three(file);
  auto damaged = content(file);
  damaged[16 + 18] = 'F';
  write(file, damaged);
  journal x{file};
  CAF_CHECK(!x.recover());
  CAF_CHECK_EQUAL(x.cut_bytes(), damaged.size() - 16);
  CAF_CHECK_EQUAL(content(file.string() + ".cut"), damaged.substr(16));
  CAF_CHECK(!std::filesystem::exists(file));
}

CAF_TEST(a record out of sequence does not count) {
  write_three(file);
  auto whole = content(file);
  // The first record once more, whole and with its own checksum.
  write(file, whole + whole.substr(16, 18 + 5));
  CAF_CHECK_EQUAL(recovered(file), three);
}

CAF_TEST(a torn header holds nothing) {
  write_three(file);
  auto whole = content(file);
  for (std::size_t size = 0; size < 16; ++size) {
    write(file, whole.substr(0, size));
    journal x{file};
    CAF_REQUIRE(!x.recover());
    CAF_REQUIRE(!std::filesystem::exists(file));
  }
  write(file, std::string(16, '\0'));
  CAF_CHECK_EQUAL(recovered(file), texts{});
}

CAF_TEST(a header without records is no journal to keep) {
  write_three(file);
  write(file, content(file).substr(0, 16));
  CAF_CHECK_EQUAL(recovered(file), texts{});
  CAF_CHECK(!std::filesystem::exists(file));
}

CAF_TEST(a file that is no journal is refused and stays) {
  write(file, "Dear diary, today I was no journal at all.");
  journal x{file};
  CAF_CHECK(failure_of([&] { x.recover(); }).kind == failure::corrupt);
  CAF_CHECK(std::filesystem::exists(file));
}

CAF_TEST(a journal of another version is refused and stays) {
  write_three(file);
  auto bytes = content(file);
  bytes[8] = 2;
  // crc32 of the header with version 2.
  const unsigned char sum[] = {0x69, 0x6c, 0x79, 0x00};
  for (int i = 0; i < 4; ++i)
    bytes[12 + i] = static_cast<char>(sum[i]);
  write(file, bytes);
  journal x{file};
  CAF_CHECK(failure_of([&] { x.recover(); }).kind == failure::misuse);
  CAF_CHECK_EQUAL(content(file), bytes);
}

CAF_TEST(the bound holds and what is there stays) {
  journal x{file, 16 + 3 * (18 + 10)};
  for (auto text : {"0123456789", "abcdefghij"})
    put(x, 1, text);
  x.sync();
  put(x, 1, "ABCDEFGHIJ");
  CAF_CHECK(failure_of([&] { put(x, 1, ""); }).kind == failure::full);
  x.sync();
  CAF_CHECK_EQUAL(all(x).size(), 3u);
  CAF_CHECK(failure_of([&] { put(x, 1, ""); }).kind == failure::full);
  x.bytes_max(journal::bytes_max_default);
  put(x, 1, "");
  x.sync();
  CAF_CHECK_EQUAL(recovered(file).size(), 4u);
}

CAF_TEST(a disk that is full leaves it as it was) {
  journal x{file};
  put(x, 1, "a");
  x.sync();
  auto before = content(file);
  {
    storage_test::file_size_limit full{before.size() + 20};
    put(x, 1, "0123456789");
    CAF_CHECK(failure_of([&] { x.sync(); }).kind == failure::full);
    CAF_CHECK_EQUAL(content(file), before);
  }
  put(x, 1, "b");
  x.sync();
  CAF_CHECK_EQUAL(recovered(file), (texts{"1:a", "1:b"}));
}

CAF_TEST(a disk that was full from the beginning leaves no file) {
  journal x{file};
  for (std::uint64_t size : {0, 16}) {
    storage_test::file_size_limit full{size};
    put(x, 1, "a");
    CAF_CHECK(failure_of([&] { x.sync(); }).kind == failure::full);
    CAF_CHECK(!std::filesystem::exists(file));
  }
  put(x, 1, "a");
  x.sync();
  CAF_CHECK_EQUAL(recovered(file), texts{"1:a"});
}

CAF_TEST(a folder that is not there is said) {
  auto missing = folder.path() / "no" / "x.journal";
  journal x{missing};
  put(x, 1, "a");
  CAF_CHECK(failure_of([&] { x.sync(); }).kind == failure::cannot_open);
  CAF_CHECK_EQUAL(x.records(), 0u);
}

CAF_TEST(a folder in its place is said) {
  std::filesystem::create_directory(file);
  journal x{file};
  CAF_CHECK(failure_of([&] { x.recover(); }).kind == failure::cannot_open);
}

CAF_TEST(what rots after it was written is not handed out) {
  journal x{file};
  put(x, 1, "a");
  x.sync();
  auto bytes = content(file);
  bytes.back() = 'b';
  std::fstream{file, std::ios::binary | std::ios::in | std::ios::out}.write(
    bytes.data(), static_cast<std::streamsize>(bytes.size()));
  journal::position at;
  CAF_CHECK(failure_of([&] { x.next(at); }).kind == failure::corrupt);
}

CAF_TEST(removed it begins anew) {
  write_three(file);
  journal x{file};
  x.recover();
  x.remove();
  CAF_CHECK(!std::filesystem::exists(file));
  CAF_CHECK_EQUAL(x.records(), 0u);
  put(x, 5, "new");
  x.sync();
  CAF_CHECK_EQUAL(all(x), texts{"5:new"});
}

CAF_TEST(who looks again finds what came since) {
  journal other{file};
  CAF_CHECK(!other.look_again());
  CAF_CHECK_EQUAL(all(other), texts{});
  write_three(file);
  CAF_CHECK(!other.look_again());
  CAF_CHECK_EQUAL(all(other), three);
  CAF_CHECK(other.look_again());
  journal::position behind{3, other.bytes()};
  journal x{file};
  x.recover();
  put(x, 4, "fourth");
  x.sync();
  CAF_CHECK(!other.next(behind));
  CAF_CHECK(other.look_again());
  auto entry = other.next(behind);
  CAF_REQUIRE(entry.has_value());
  CAF_CHECK_EQUAL(entry->sequence, 4u);
  x.remove();
  CAF_CHECK(!other.goes_on());
  CAF_CHECK(!other.look_again());
  CAF_CHECK_EQUAL(all(other), texts{});
}

CAF_TEST(who looks again notices another file and another group) {
  write_three(file);
  journal other{file};
  CAF_CHECK(other.look());
  std::filesystem::remove(file);
  CAF_CHECK(!other.goes_on());
  write_three(file);
  CAF_CHECK(!other.look_again());
  auto before = std::filesystem::file_size(file);
  for (auto text : {"one", "two"}) {
    journal x{file};
    CAF_CHECK(x.recover());
    put(x, 4, text);
    x.sync();
    // What lay there is another record of the same length the second time.
    CAF_CHECK_EQUAL(other.look_again(), text == std::string{"one"});
    CAF_CHECK(all(other).back() == std::string{"4:"} + text);
    std::filesystem::resize_file(file, before);
  }
  CAF_CHECK(!other.look_again());
  CAF_CHECK_EQUAL(all(other), three);
}

CAF_TEST(who looks while the file is made sees it when it is whole) {
  write(file, "");
  journal other{file};
  CAF_CHECK(!other.look());
  write(file, "BNKSJRN");
  CAF_CHECK(!other.look_again());
  std::filesystem::remove(file);
  write_three(file);
  CAF_CHECK(!other.look_again());
  CAF_CHECK_EQUAL(all(other), three);
}

CAF_TEST_FIXTURE_SCOPE_END()
