#include "apps/banksia/commands/commands.hpp"

#include "actors/store/journal.hpp"
#include "actors/store/schema.hpp"
#include "apps/common/output.hpp"
#include "apps/banksia/outside.hpp"
#include "apps/common/settings_plan.hpp"
#include "apps/common/signals.hpp"
#include "runtime/http/url.hpp"

#include <boost/json/object.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;

enum class grade : std::uint8_t { ok, warn, fail };

constexpr std::string_view to_string(grade x) noexcept {
  return x == grade::ok ? "ok" : x == grade::warn ? "warn" : "fail";
}

/// One line: what was looked at, what was found, what to do.
struct finding {
  std::string check;
  grade how = grade::ok;
  std::string text;
};

using findings = std::vector<finding>;

// -- clock and disk ---------------------------------------------------------------

finding check_clock(const exchange_calendar& calendar) {
  auto now = wall_time();
  auto text = to_rfc3339(now);
  if (!exchange_calendar::trading_date_of(now))
    return {"clock", grade::fail,
            text + " is outside of the calendar: set the machine's clock"};
  timex state{};
  auto word = adjtimex(&state);
  if (word == TIME_ERROR || (state.status & STA_UNSYNC) != 0)
    return {"clock", grade::warn,
            text + ", kept in step by nobody: run chrony or systemd-timesyncd"};
  const auto* next = calendar.next_session_after(now);
  return {"clock", grade::ok,
          text + (next ? ", next session opens " + to_rfc3339(next->opens_at)
                       : std::string{})};
}

finding check_disk(const std::filesystem::path& folder) {
  auto probe = folder / ".banksia-doctor";
  {
    std::ofstream out{probe};
    out << "written";
    out.flush();
    if (!out)
      return {"disk", grade::fail,
              folder.string() + " cannot be written: mend its permissions"};
  }
  std::error_code code;
  std::filesystem::remove(probe, code);
  auto space = std::filesystem::space(folder, code);
  if (code)
    return {"disk", grade::fail, folder.string() + ": " + code.message()};
  constexpr std::uintmax_t megabyte = 1 << 20;
  auto text = std::to_string(space.available / megabyte) + " MB free in "
              + folder.string();
  if (space.available < 256 * megabyte)
    return {"disk", grade::fail, text + ": make room, 1 GB is comfortable"};
  if (space.available < 1024 * megabyte)
    return {"disk", grade::warn, text + ": 1 GB is comfortable"};
  return {"disk", grade::ok, text};
}

// -- ports ------------------------------------------------------------------------

/// Why nobody can listen there; empty when one can.
std::string cannot_listen(const std::string& address, std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &at.sin_addr) != 1)
    return {}; // an IPv6 address: the node itself will tell
  auto handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;
  ::setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  auto bound = ::bind(handle, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0
               && ::listen(handle, 1) == 0;
  std::string why = bound ? "" : std::generic_category().message(errno);
  ::close(handle);
  return why;
}

finding check_ports(const config::settings& x) {
  std::string taken, all;
  for (auto [name, port] :
       {std::pair{"prediction_port", x.prediction_port},
        std::pair{"evaluation_port", x.evaluation_port},
        std::pair{"ml_port", x.ml_port},
        std::pair{"data_port", x.data_port},
        std::pair{"dashboard_port", x.dashboard_port}}) {
    if (port == 0)
      continue;
    all += (all.empty() ? "" : ", ") + std::to_string(port);
    if (auto why = cannot_listen(x.bind_address, port); !why.empty())
      taken += (taken.empty() ? "" : "; ") + std::string{name} + " "
               + std::to_string(port) + ": " + why;
  }
  if (!taken.empty())
    return {"ports", grade::fail,
            taken + ": stop who has it (this node, perhaps), or set another"};
  return {"ports", grade::ok,
          all.empty() ? "any free ones" : all + " are free on "
                                            + x.bind_address};
}

// -- database ---------------------------------------------------------------------

finding check_database(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return {"database", grade::ok,
            file.string() + " will be made at the first start"};
  try {
    auto db = store::open_of_any_schema(file);
    auto schema = storage::schema_version(db);
    if (schema > store::newest_schema())
      return {"database", grade::fail,
              file.string() + " has schema " + std::to_string(schema)
                + ", this build needs "
                + std::to_string(store::newest_schema())
                + ": use the newer build"};
    auto check = db.prepare("PRAGMA quick_check(1)");
    check.step();
    auto word = std::string{check.text(0)};
    if (word != "ok")
      return {"database", grade::fail,
              file.string() + ": " + word + ": restore a backup"};
    if (schema < store::newest_schema())
      return {"database", grade::warn,
              file.string() + " is whole; its schema " + std::to_string(schema)
                + " becomes " + std::to_string(store::newest_schema())
                + " at the next start, or by banksia db migrate"};
  } catch (const storage::storage_error& error) {
    return {"database", grade::fail, error.what()};
  }
  auto left = store::measure_journal(store::journal_file(file));
  if (left.records > 0)
    return {"database", grade::warn,
            file.string() + " is whole; " + std::to_string(left.records)
              + " records wait in its journal for the next start"};
  return {"database", grade::ok, file.string() + " is whole"};
}

// -- feeds ------------------------------------------------------------------------

http::fetch_result fetch(http::client& client,
                         const http::fetch_request& request,
                         const http::fetch_limits& limits) {
  auto promise = std::make_shared<std::promise<http::fetch_result>>();
  auto answer = promise->get_future();
  client.fetch(request, limits, [promise](http::fetch_result x) {
    promise->set_value(std::move(x));
  });
  // It promises to answer within its limits.
  return answer.get();
}

std::string milliseconds_of(const http::fetch_result& x) {
  auto took = std::chrono::duration_cast<std::chrono::milliseconds>(x.took);
  return std::to_string(took.count()) + " ms";
}

finding check_source(const source_setup& source, const std::string& symbol) {
  auto now = wall_time();
  price_request asked;
  asked.symbol = symbol;
  asked.from = now - std::chrono::days{10};
  asked.until = now;
  auto got = fetch(*source.client, source.endpoint.request(asked),
                   source.rules.limits);
  auto read = source.endpoint.read(asked, got, now);
  auto name = "feed " + source.endpoint.name;
  if (!is_answered(read))
    return {name, grade::fail,
            read.status + ": " + read.text + ": see the network, the key or "
                                             "the address in the configuration"};
  auto text = std::to_string(read.bars.size()) + " daily bars of " + symbol
              + " in " + milliseconds_of(got);
  return {name, read.bars.empty() ? grade::warn : grade::ok, text};
}

/// A series of another market that does not come degrades a node and never stops
/// it.
finding check_context(const context_setup& series,
                      const outside_world& outside) {
  const auto* source = outside.context_source ? &*outside.context_source
                                              : nullptr;
  for (const auto& x : outside.sources)
    if (const auto* asked = std::get_if<source_setup>(&x);
        asked && name_of(x) == series.source)
      source = asked;
  auto symbol = std::string{symbol_of(series.series)};
  auto result = check_source(*source, symbol);
  result.check = "context " + std::string{to_string(series.series)};
  if (result.how == grade::fail)
    result.how = grade::warn;
  return result;
}

/// All files are read at once: nobody waits until none of them changes.
finding check_folder(const folder_setup& source, const config::settings& x) {
  auto calendar = std::make_shared<const exchange_calendar>(calendar_from(x));
  std::set<std::string> symbols{x.symbols.begin(), x.symbols.end()};
  symbols.insert(x.index_symbol);
  folder_book book{source.folder, calendar, symbols, source.limits};
  book.look();
  book.look();
  while (book.take_next()) {
  }
  auto found = book.sum_up();
  auto where = source.folder.string();
  if (!found.trouble.empty())
    return {"feed folder", grade::fail, found.trouble};
  auto text = std::to_string(found.files) + " files with "
              + std::to_string(found.series) + " series of the "
              + std::to_string(symbols.size()) + " symbols in " + where;
  if (!found.errors.empty())
    return {"feed folder", found.series == 0 ? grade::fail : grade::warn,
            text + ", but " + trouble_of(found)};
  if (found.series == 0)
    return {"feed folder", grade::fail,
            text + ": put files like CBA.csv there, as docs/formats.md says"};
  return {"feed folder", grade::ok, text};
}

/// News that do not come degrade a node and never stop it.
finding check_news(const news_setup& news) {
  finding result{"news " + news.name, grade::ok, {}};
  std::size_t items = 0;
  std::string took;
  for (const auto& page : news.pages) {
    http::fetch_request request;
    request.url = page.url;
    auto got = fetch(*news.client, request, news.rules.limits);
    auto problem = std::string{};
    if (!got)
      problem = std::string{to_string(got.error)} + ": " + got.text;
    else if (got.status != 200)
      problem = "status " + std::to_string(got.status) + " of "
                + http::masked(page.url);
    else if (auto feed = parse_news_feed(got.body, {}, wall_time());
             feed.status != news_status::ok)
      problem = std::string{to_string(feed.status)} + ": " + feed.text + " on "
                + http::masked(page.url);
    else
      items += feed.items.size();
    if (!problem.empty())
      return {result.check, grade::warn,
              problem + ": see the network, or the key news_feeds"};
    took = milliseconds_of(got);
  }
  result.text = std::to_string(items) + " headlines on "
                + std::to_string(news.pages.size()) + " pages, the last in "
                + took;
  if (items == 0)
    result.how = grade::warn;
  return result;
}

void check_feeds(const config_options& options, const config::settings& x,
                 findings& into) {
  if (x.price_source != config::price_source::live) {
    into.push_back({"feeds", grade::ok,
                    x.price_source == config::price_source::simulator
                      ? "a simulated market"
                      : "bars that are imported"});
    return;
  }
  auto outside = outside_of(x, options.under_data_dir(""), wall_time, {});
  auto works = false;
  auto begin = into.size();
  for (const auto& source : outside.sources) {
    into.push_back(
      std::holds_alternative<folder_setup>(source)
        ? check_folder(std::get<folder_setup>(source), x)
        : check_source(std::get<source_setup>(source), x.symbols.front()));
    works = works || into.back().how != grade::fail;
  }
  // One that answers is enough to run.
  for (auto i = begin; works && i < into.size(); ++i)
    if (into[i].how == grade::fail)
      into[i].how = grade::warn;
  for (const auto& series : outside.context)
    into.push_back(check_context(series, outside));
  for (const auto& news : outside.news)
    into.push_back(check_news(news));
}

// -- the command --------------------------------------------------------------------

findings examine(const config_options& options,
                 const database_option& database) {
  auto settings = options.load().values;
  findings result;
  result.push_back(check_clock(calendar_from(settings)));
  result.push_back(check_disk(options.under_data_dir(".").lexically_normal()));
  result.push_back(check_ports(settings));
  result.push_back(check_database(database.file(options, settings)));
  check_feeds(options, settings, result);
  result.push_back({"model", grade::ok,
                    "the rule engine; no trained model is needed"});
  return result;
}

int doctor(const config_options& options, const database_option& database,
           bool as_json) {
  auto found = examine(options, database);
  auto fit = std::none_of(found.begin(), found.end(), [](const finding& x) {
    return x.how == grade::fail;
  });
  if (as_json) {
    json::array checks;
    for (const auto& x : found)
      checks.push_back(json::object{{"check", x.check},
                                    {"result", to_string(x.how)},
                                    {"text", x.text}});
    print_json(json::object{{"fit", fit}, {"checks", std::move(checks)}});
  } else {
    for (const auto& x : found)
      std::cout << to_string(x.how) << (x.how == grade::ok ? "   " : " ")
                << x.check << ": " << x.text << '\n';
  }
  return fit ? exit_done : exit_failed;
}

} // namespace

void add_doctor(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "doctor", "check whether this machine is fit to run a node");
  auto options = std::make_shared<config_options>();
  auto database = std::make_shared<database_option>();
  auto as_json = std::make_shared<bool>(false);
  options->add_to(*command);
  database->add_to(*command);
  command->add_flag("--json", *as_json, "print one JSON document");
  command->footer("Exit code 0 when fit to run, 1 when something must be done "
                  "first.\nExamples:\n"
                  "  banksia doctor --env production\n"
                  "  banksia doctor --set price_source=live --json");
  command->callback([options, database, as_json, &chosen] {
    chosen = [options, database, as_json] {
      return doctor(*options, *database, *as_json);
    };
  });
}

} // namespace banksia::commands
