#pragma once

/// `GET /data/prices/{symbol}`: bars as served, adjusted as of now.

#include "actors/services/bridge.hpp"

namespace banksia {

void answer_prices(bridge_self* self,
                   std::shared_ptr<const http::request> what,
                   const http::responder& reply);

/// 404 unless the store has bars of the symbol or this node follows it.
void expect_known(bridge_self* self, const std::string& symbol,
                  bar_interval interval);

} // namespace banksia
