#include "actors/services/problem_types.hpp"

#include "actors/services/descriptions.hpp"

#include <algorithm>

namespace banksia {

namespace {

constexpr const http::problem_type* own[]{
  &problems::unknown_symbol,        &problems::no_such_prediction,
  &problems::no_such_training,      &problems::no_such_model,
  &problems::nothing_predicted_yet, &problems::training_under_way,
  &problems::training_ended,        &problems::model_not_fit,
  &problems::listing_conflict,      &problems::not_ready,
  &problems::not_alive,             &problems::part_away,
  &problems::part_failing,          &problems::part_busy,
  &problems::part_silent,           &problems::database_away,
  &problems::overloaded,            &problems::too_many_streams,
};

constexpr std::string_view text_media = "text/plain; charset=utf-8";

std::string line_of(const http::problem_type& x) {
  return std::to_string(x.status) + " " + http::type_reference(x) + ": "
         + std::string{x.title} + "\n";
}

void list(const http::request&, const http::responder& reply) {
  std::string text;
  for (auto x : all_problem_types())
    text += line_of(*x);
  reply({200, std::string{text_media}, std::move(text)});
}

void explain(const http::request& what, const http::responder& reply) {
  for (auto x : all_problem_types())
    if (x->name == what.param("name")) {
      reply({200, std::string{text_media},
             line_of(*x) + "\n" + std::string{x->meaning} + "\n"});
      return;
    }
  reply(http::problem(http::problems::not_found,
                      "no such kind of problem: "
                        + std::string{what.param("name")}
                        + ": /problems lists them"));
}

} // namespace

std::vector<const http::problem_type*> all_problem_types() {
  auto general = http::server_problems();
  std::vector<const http::problem_type*> result{general.begin(),
                                                general.end()};
  result.insert(result.end(), std::begin(own), std::end(own));
  // The most general of a status stays its first.
  std::stable_sort(result.begin(), result.end(),
                   [](auto a, auto b) { return a->status < b->status; });
  return result;
}

void add_problem_routes(http::router& into) {
  constexpr auto tag = "node";
  into.get("/problems", list,
           showing(tag, "The kinds of problems", "text/plain"))
    .get("/problems/{name}", explain,
         failing(showing(tag, "What a kind of problem means", "text/plain"),
                 {404}));
}

} // namespace banksia
