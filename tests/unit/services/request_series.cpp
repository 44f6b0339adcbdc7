#define CAF_SUITE request_series
#include "actors/services/request_series.hpp"

#include "caf/test/unit_test.hpp"

#include <string>

using namespace banksia;

namespace {

http::served one(std::string_view service, std::string_view route, int status) {
  http::served x;
  x.service = service;
  x.route = route;
  x.status = status;
  x.took = std::chrono::milliseconds{3};
  return x;
}

} // namespace

CAF_TEST(requests count by service and route and status) {
  telemetry::metrics metrics;
  request_series series{metrics};
  for (int i = 0; i < 3; ++i)
    series.observe(one("data", "/livez", 200));
  series.observe(one("data", "/livez", 503));
  series.observe(one("data", "/readyz", 200));
  series.observe(one("ml", "/livez", 200));
  auto text = metrics.render();
  auto count = [&](const std::string& code, const std::string& route,
                   const std::string& service, int expected) {
    CAF_CHECK(text.find("banksia_http_request_duration_seconds_count{code=\""
                        + code + "\",route=\"" + route + "\",service=\""
                        + service + "\"} " + std::to_string(expected) + "\n")
              != std::string::npos);
  };
  count("200", "/livez", "data", 3);
  count("503", "/livez", "data", 1);
  count("200", "/readyz", "data", 1);
  count("200", "/livez", "ml", 1);
}

CAF_TEST(texts of a request need not outlive it) {
  telemetry::metrics metrics;
  request_series series{metrics};
  for (int i = 0; i < 2; ++i) {
    std::string service = "prediction", route = "/predictions/latest";
    series.observe(one(service, route, 200));
    service.assign(service.size(), '-');
    route.assign(route.size(), '-');
  }
  auto text = metrics.render();
  CAF_CHECK(text.find("_count{code=\"200\",route=\"/predictions/latest\","
                      "service=\"prediction\"} 2\n")
            != std::string::npos);
  CAF_CHECK(text.find("--") == std::string::npos);
}
