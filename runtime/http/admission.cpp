#include "runtime/http/admission.hpp"

#include "runtime/http/problem_type.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>

namespace banksia::http {

namespace {

/// One customer has a whole /64 of IPv6 addresses.
std::string client_key(const std::string& address) {
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), &bytes) != 1)
    return address;
  std::fill(bytes.s6_addr + 8, bytes.s6_addr + 16, std::uint8_t{0});
  char text[INET6_ADDRSTRLEN];
  return ::inet_ntop(AF_INET6, &bytes, text, sizeof text);
}

std::string seconds_text(double x) {
  return std::to_string(std::max(1L, std::lround(std::ceil(x))));
}

response too_many(const problem_type& of, const std::string& why,
                  const std::string& seconds) {
  auto result = problem(of, why + ": try again in " + seconds + " s");
  result.headers.emplace_back("Retry-After", seconds);
  return result;
}

} // namespace

admission::admission(access_rules rules, admission_limits limits)
  : rules_(std::move(rules)),
    limits_(limits),
    buckets_(limits.remembered_max),
    failures_(limits.remembered_max) {}

/// Takes one of the client's requests to the route. False when none is left.
bool admission::take(const route& to, const std::string& client,
                     time_point now, admitted& result) {
  auto reads = to.access <= route_access::read;
  auto quota = reads ? limits_.reads_per_minute : limits_.changes_per_minute;
  if (quota == 0 || (reads && is_loopback_address(client)))
    return true;
  auto per_second = quota / 60.0;
  auto left = 0.0, wait = 0.0;
  {
    std::lock_guard lock{mutex_};
    auto& known = buckets_.at(client_key(client) + ' ' + to.name
                                + std::string{to_string(to.method)},
                              {static_cast<double>(quota), now});
    std::chrono::duration<double> passed = now - known.filled;
    known.tokens = std::min<double>(quota, known.tokens
                                             + passed.count() * per_second);
    known.filled = now;
    if (known.tokens < 1.0)
      wait = (1.0 - known.tokens) / per_second;
    else
      known.tokens -= 1.0;
    left = known.tokens;
  }
  // As the IETF's draft "RateLimit header fields for HTTP" has them.
  auto name = std::string{reads ? "\"read\"" : "\"change\""};
  result.headers.emplace_back("RateLimit-Policy",
                              name + ";q=" + std::to_string(quota) + ";w=60");
  result.headers.emplace_back(
    "RateLimit", name + ";r=" + std::to_string(static_cast<long>(left))
                   + ";t=" + seconds_text((quota - left) / per_second));
  if (wait == 0.0)
    return true;
  result.refusal = too_many(problems::too_many_requests,
                            "too many requests of this kind",
                            seconds_text(wait));
  result.is_flood = true;
  return false;
}

/// Finds out whose secret came with the request, and refuses to look at more
/// from a client that keeps sending wrong ones.
void admission::identify(const request& what, const route& to, time_point now,
                         admitted& result) {
  if (to.access == route_access::open
      || (to.access == route_access::read && rules_.reading_is_free))
    return;
  auto secret = given_secret(what);
  if (!secret) {
    result.refusal = refuse_caller(what, to, std::nullopt, rules_);
    return;
  }
  auto key = client_key(result.client);
  {
    std::lock_guard lock{mutex_};
    auto* known = failures_.find(key);
    if (known && known->paused_until > now) {
      std::chrono::duration<double> left = known->paused_until - now;
      result.refusal = too_many(problems::too_many_wrong_tokens,
                                "too many wrong tokens from this address",
                                seconds_text(left.count()));
      result.is_flood = true;
      return;
    }
  }
  auto holder = holder_of(*secret, result.client, rules_);
  if (holder) {
    result.caller = holder->name;
    result.scope = holder->scope;
  }
  result.refusal = refuse_caller(what, to, holder, rules_);
  std::lock_guard lock{mutex_};
  if (holder)
    return failures_.erase(key);
  auto& known = failures_.at(key, {});
  if (++known.in_row < limits_.wrong_secrets_max)
    return;
  auto doublings = std::min(known.in_row - limits_.wrong_secrets_max, 16u);
  known.paused_until
    = now + std::min(limits_.pause_max, limits_.pause_first * (1 << doublings));
}

admitted admission::judge(const request& what, const match& where,
                          const local_endpoint& at, time_point now) {
  admitted result;
  auto client = client_address(what, rules_);
  result.client = client.value_or("unknown");
  if (!client) {
    result.refusal = problem(problems::proxy_only,
                             "this server is asked through its proxy alone: "
                             "use the proxy's address");
    return result;
  }
  result.refusal = refuse_form(what, where, at, rules_);
  if (result.refusal || !take(*where.found, result.client, now, result))
    return result;
  identify(what, *where.found, now, result);
  if (!result.refusal)
    result.refusal = refuse_body(what);
  return result;
}

} // namespace banksia::http
