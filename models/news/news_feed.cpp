#include "models/news/news_feed.hpp"

#include "models/news/news_encoding.hpp"
#include "models/news/news_text.hpp"

#include <pugixml.hpp>

#include <charconv>
#include <unordered_set>

namespace banksia {

namespace {

constexpr std::size_t identity_bytes_max = 1024;
constexpr std::size_t source_bytes_max = 100;
constexpr std::size_t dropped_bytes_max = 500;

/// The name without its prefix, where the prefix is none or that of the root
/// (`atom:entry` in `atom:feed`). Others (`media:title`) mean something else.
std::string_view own_name(std::string_view name, std::string_view prefix) {
  if (!prefix.empty() && name.starts_with(prefix))
    name.remove_prefix(prefix.size());
  return name.find(':') == name.npos ? name : std::string_view{};
}

/// All text below a node, in order; elements are blanks (Atom's xhtml).
std::string deep_text(pugi::xml_node node) {
  std::string out;
  auto current = node.first_child();
  while (current) {
    if (current.type() == pugi::node_pcdata
        || current.type() == pugi::node_cdata)
      out += current.value();
    else if (current.type() == pugi::node_element)
      out += ' ';
    if (current.first_child()) {
      current = current.first_child();
      continue;
    }
    while (current != node && !current.next_sibling())
      current = current.parent();
    if (current == node)
      break;
    current = current.next_sibling();
  }
  return out;
}

enum class format : std::uint8_t { rss, rdf, atom };

/// Reads the items of one document.
class item_reader {
public:
  item_reader(news_feed& out, format of, std::string_view prefix,
              timestamp received_at, const news_limits& limits)
    : out_(out), format_(of), prefix_(prefix), received_at_(received_at),
      limits_(limits) {}

  void read(pugi::xml_node node) {
    ++place_;
    if (out_.items.size() >= limits_.items_max)
      return drop(item_problem::beyond_limit, node);
    news_item item;
    item.place = place_;
    item.source = source_of(node);
    item.title = without_source(title_of(node), item.source);
    if (item.title.empty())
      return drop(item_problem::untitled, node);
    item.link = link_of(node);
    item.identity = identity_of(node, item);
    if (!seen_.insert(item.identity).second)
      return drop(item_problem::duplicate, node);
    if (item.link.empty())
      count(item_problem::bad_link);
    item.summary = markup(first(node, {"description", "summary", "content"}),
                          limits_.summary_bytes_max);
    read_date(node, item);
    out_.items.push_back(std::move(item));
  }

  std::string title_of(pugi::xml_node node) const {
    return markup(first(node, {"title"}), limits_.title_bytes_max);
  }

  /// The first child of one of the names, in the order of the names. A name
  /// with a prefix is taken as it is.
  pugi::xml_node first(pugi::xml_node node,
                       std::initializer_list<std::string_view> names) const {
    for (auto name : names)
      for (auto child : node.children())
        if (name == own_name(child.name(), prefix_) || name == child.name())
          return child;
    return {};
  }

private:
  void count(item_problem x) {
    ++out_.problems[static_cast<std::size_t>(x)];
  }

  void drop(item_problem x, pugi::xml_node node) {
    count(x);
    out_.dropped.push_back(
      {place_, x, text_of_html(deep_text(node), dropped_bytes_max)});
  }

  /// Text that may hold HTML. Atom says whether it does, RSS does not.
  std::string markup(pugi::xml_node node, std::size_t bytes_max) const {
    if (!node)
      return {};
    std::string_view type{node.attribute("type").value()};
    auto text = deep_text(node);
    auto literal = format_ == format::atom
                   && (type.empty() || type == "text" || type == "xhtml");
    return literal ? plain_text(text, bytes_max)
                   : text_of_html(text, bytes_max);
  }

  std::string source_of(pugi::xml_node node) const {
    auto source = first(node, {"source", "dc:source", "dc:publisher"});
    if (format_ == format::atom && source)
      source = first(source, {"title"});
    return markup(source, source_bytes_max);
  }

  static std::string without_source(std::string title,
                                    const std::string& source) {
    auto ending = " - " + source;
    if (!source.empty() && title.size() > ending.size()
        && title.ends_with(ending))
      title.resize(title.size() - ending.size());
    return title;
  }

  std::string link_of(pugi::xml_node node) const {
    if (format_ != format::atom) {
      auto link = safe_link(deep_text(first(node, {"link"})));
      if (!link.empty())
        return link;
      auto guid = first(node, {"guid"});
      if (std::string_view{guid.attribute("isPermaLink").value()} != "false")
        return safe_link(deep_text(guid));
      return {};
    }
    for (auto child : node.children()) {
      if (own_name(child.name(), prefix_) != "link")
        continue;
      std::string_view relation{child.attribute("rel").value()};
      if (relation.empty() || relation == "alternate")
        return safe_link(child.attribute("href").value());
    }
    return {};
  }

  std::string identity_of(pugi::xml_node node, const news_item& item) const {
    auto given = plain_text(
      deep_text(first(node, {"guid", "id", "dc:identifier"})),
      identity_bytes_max);
    if (given.empty())
      given = plain_text(node.attribute("rdf:about").value(),
                         identity_bytes_max);
    if (given.empty())
      given = item.link;
    return given.empty() ? item.title : given;
  }

  void read_date(pugi::xml_node node, news_item& item) {
    item.published_at = received_at_;
    auto problem = item_problem::no_date;
    for (auto name : {"pubDate", "published", "dc:date", "updated", "issued"}) {
      auto date = parse_news_date(deep_text(first(node, {name})));
      if (date.state == date_state::missing)
        continue;
      if (date.state == date_state::ok
          && date.at <= received_at_ + limits_.future_max
          && date.at > timestamp{}) {
        item.published_at = date.at;
        item.dated = true;
        return;
      }
      // The first date that is given says what is wrong.
      if (problem != item_problem::no_date)
        continue;
      problem = date.state == date_state::no_zone ? item_problem::no_zone
                : date.state == date_state::ok && date.at > received_at_
                  ? item_problem::future_date
                  : item_problem::bad_date;
    }
    item.date_problem = problem;
    count(problem);
  }

  news_feed& out_;
  format format_;
  std::string_view prefix_;
  timestamp received_at_;
  const news_limits& limits_;
  std::unordered_set<std::string> seen_;
  std::size_t place_ = 0; ///< of the item being read
};

/// The document's element, and whether it declares entities.
struct root {
  pugi::xml_node node;
  bool declares = false;
};

root find_root(const pugi::xml_document& document) {
  root result;
  for (auto node : document.children()) {
    if (node.type() == pugi::node_doctype
        && std::string_view{node.value()}.find("<!ENTITY")
             != std::string_view::npos)
      result.declares = true;
    if (node.type() == pugi::node_element && !result.node)
      result.node = node;
  }
  return result;
}

void read_channel(pugi::xml_node channel, item_reader& items, news_feed& out) {
  out.title = items.title_of(channel);
  auto built = parse_news_date(
    deep_text(items.first(channel, {"lastBuildDate", "updated", "dc:date",
                                    "pubDate"})));
  if (built.state == date_state::ok)
    out.built_at = built.at;
  auto ttl = plain_text(deep_text(items.first(channel, {"ttl"})), 16);
  std::uint32_t minutes = 0;
  auto [end, failure]
    = std::from_chars(ttl.data(), ttl.data() + ttl.size(), minutes);
  if (failure == std::errc{} && end == ttl.data() + ttl.size())
    out.ttl_minutes = minutes;
}

} // namespace

std::string_view to_string(news_status x) noexcept {
  constexpr std::array<std::string_view, 6> names{
    "ok", "malformed", "no_feed", "too_large", "bad_encoding", "refused"};
  return names[static_cast<std::size_t>(x)];
}

std::string_view to_string(item_problem x) noexcept {
  constexpr std::array<std::string_view, item_problem_count> names{
    "untitled", "duplicate", "beyond_limit", "bad_link",
    "bad_date", "no_date",   "no_zone",      "future_date"};
  return names[static_cast<std::size_t>(x)];
}

news_feed parse_news_feed(std::string_view body, std::string_view charset,
                          timestamp received_at, const news_limits& limits) {
  news_feed out;
  auto refuse = [&out](news_status status, std::string why) {
    out.status = status;
    out.text = std::move(why);
    return std::move(out);
  };
  if (body.size() > limits.bytes_max)
    return refuse(news_status::too_large,
                  std::to_string(body.size()) + " bytes");
  auto decoded = decode_document(body, charset);
  if (decoded.unknown)
    return refuse(news_status::bad_encoding, "the encoding is not known");
  out.mislabelled = decoded.mislabelled;
  pugi::xml_document document;
  auto parsed = document.load_buffer_inplace(
    decoded.text.data(), decoded.text.size(),
    pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  auto [node, declares] = find_root(document);
  if (declares)
    return refuse(news_status::refused, "it declares entities");
  if (!parsed)
    return refuse(news_status::malformed,
                  std::string{parsed.description()} + " at byte "
                    + std::to_string(parsed.offset));
  std::string_view name{node.name()};
  std::string_view prefix;
  if (auto colon = name.find(':'); colon != name.npos) {
    prefix = name.substr(0, colon + 1);
    name.remove_prefix(colon + 1);
  }
  auto kind = name == "feed" ? format::atom
              : name == "RDF" ? format::rdf
                              : format::rss;
  if (kind == format::rss && name != "rss")
    return refuse(news_status::no_feed,
                  "the document is <" + plain_text(name, 40) + '>');
  item_reader items{out, kind, prefix, received_at, limits};
  auto channel = kind == format::atom ? node : items.first(node, {"channel"});
  if (!channel)
    return refuse(news_status::no_feed, "there is no channel");
  read_channel(channel, items, out);
  // RSS 1.0 has its items beside the channel, the others in it.
  auto parent = kind == format::rdf ? node : channel;
  auto wanted = kind == format::atom ? "entry" : "item";
  for (auto child : parent.children())
    if (own_name(child.name(), prefix) == wanted)
      items.read(child);
  out.status = news_status::ok;
  return out;
}

} // namespace banksia
