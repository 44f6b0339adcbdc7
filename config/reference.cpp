#include "config/reference.hpp"

#include "config/keys.hpp"
#include "config/profiles.hpp"

namespace banksia::config {

namespace {

std::string code(const std::string& text) {
  return "`" + text + "`";
}

std::string_view hashed(key_effect x) {
  switch (x) {
    case key_effect::decision:
      return "yes";
    case key_effect::decision_where_set:
      return "where set";
    case key_effect::operation:
      break;
  }
  return "no";
}

std::string row_of(const key_spec& key) {
  auto meaning = std::string{key.doc};
  if (!key.unit.empty())
    meaning += " (" + std::string{key.unit} + ")";
  return "| " + code(std::string{key.name}) + " | "
         + code(to_toml(default_of(key))) + " | " + describe(key) + " | "
         + meaning + " | " + (key.restart_needed ? "yes" : "no") + " | "
         + std::string{hashed(key.effect)} + " |\n";
}

} // namespace

std::string config_reference_markdown() {
  std::string text
    = "# Configuration\n\n"
      "Each key is set, from the weakest to the strongest, by its default, "
      "the profile\n(`--env` or `TRADING_ENV`), a TOML file, the environment "
      "(`BANKSIA_` and the key in\nupper case, a dot as an underscore; lists "
      "with commas) and `--set key=value`. A key\nthat is *hashed* is part "
      "of the configuration hash that is kept with every\nprediction.\n\n"
      "| key | default | allowed | meaning | restart | hashed |\n"
      "|---|---|---|---|---|---|\n";
  for (auto& key : all_keys())
    text += row_of(key);
  text += "\n## Profiles\n";
  for (auto name : profile_names())
    text += "\n### " + std::string{name} + "\n\n```toml\n"
            + std::string{*profile_text(name)} + "```\n";
  return text;
}

} // namespace banksia::config
