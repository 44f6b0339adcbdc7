#include "runtime/process/line_splitter.hpp"

#include <algorithm>
#include <utility>

namespace banksia::process {

void line_splitter::feed(std::string_view bytes, time_point now,
                         const sink& to) {
  while (!bytes.empty()) {
    auto end = bytes.find('\n');
    keep(bytes.substr(0, end));
    if (end == std::string_view::npos)
      return;
    end_line(now, to);
    bytes.remove_prefix(end + 1);
  }
}

void line_splitter::finish(time_point now, const sink& to) {
  if (begun_)
    end_line(now, to);
  if (dropped_ > 0)
    to({"", false, std::exchange(dropped_, 0)});
}

void line_splitter::keep(std::string_view part) {
  begun_ = true;
  auto room = limits_.bytes_max - line_.size();
  cut_ = cut_ || part.size() > room;
  line_ += part.substr(0, room);
}

void line_splitter::end_line(time_point now, const sink& to) {
  if (may_pass(now)) {
    std::string_view text{line_};
    if (text.ends_with('\r'))
      text.remove_suffix(1);
    to({text, cut_, std::exchange(dropped_, 0)});
  } else {
    ++dropped_;
  }
  line_.clear();
  begun_ = false;
  cut_ = false;
}

bool line_splitter::may_pass(time_point now) {
  if (!filled_) {
    tokens_ = limits_.burst;
    filled_ = true;
  } else {
    std::chrono::duration<double> since = now - refilled_;
    tokens_ = std::min(limits_.burst,
                       tokens_ + since.count() * limits_.per_second);
  }
  refilled_ = now;
  if (tokens_ < 1)
    return false;
  tokens_ -= 1;
  return true;
}

} // namespace banksia::process
