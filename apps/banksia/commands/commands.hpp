#pragma once

/// The commands of `banksia`, one file each.

#include "apps/common/command.hpp"

namespace banksia::commands {

void add_run(CLI::App& app, action& chosen);
void add_replay(CLI::App& app, action& chosen);
void add_predict(CLI::App& app, action& chosen);
void add_import(CLI::App& app, action& chosen);
void add_report(CLI::App& app, action& chosen);
void add_explain(CLI::App& app, action& chosen);
void add_sentiment(CLI::App& app, action& chosen);
void add_analysis(CLI::App& app, action& chosen);
void add_calendar(CLI::App& app, action& chosen);
void add_doctor(CLI::App& app, action& chosen);
void add_db(CLI::App& app, action& chosen);
void add_check_config(CLI::App& app, action& chosen);
void add_models(CLI::App& app, action& chosen);
void add_token(CLI::App& app, action& chosen);

} // namespace banksia::commands
