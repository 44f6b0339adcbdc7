#include "models/sentiment/lexicon.hpp"

namespace banksia::sentiment::word_lists {

const std::string_view good_strong
  = "upgrade~ upgraded upgrading excellent outstanding_result~ "
    "outstanding_growth outstanding_performance exceptional stellar "
    "triumph~ record_profit~ record_result~ record_earnings record_sales "
    "record_high record_dividend all-time_high profit_upgrade~ "
    "better_than_expected stronger_than_expected beat_estimates "
    "beats_estimates ahead_of_expectations above_expectations "
    "special_dividend~ turnaround breakthrough~ bumper";

const std::string_view good
  = "beat~ beating outperform* outpace* exceed* surpass* top_forecasts "
    "win wins won winning winner~ award awarded awards secures secured securing "
    "clinch* improve* improvement~ strengthen* strong stronger strongest "
    "strength strongly robust solid healthy favourable favorable favourably "
    "favorably profitable recover* recovery recoveries rebound* bounce* "
    "rally rallies rallied resilient resilience success successful "
    "successfully succeed* efficient efficiency efficiencies profitability "
    "bullish optimistic optimism confident confidence upbeat upside "
    "cheer* delight* good better best boom* thrive* flourish* buyback "
    "buybacks share_buyback approval approved milestone~ innovative "
    "synergy synergies cost_saving~ accretive "
    "attractive benefit* advantage~ advance* positive positively "
    "reinstate* cleared exonerated dismissed_the_case new_order~ "
    "received_an_order won_a_contract contract_win~ wins_contract "
    "large_order~ major_order~ breaks_even break_even return_to_profit "
    "returned_to_profit back_to_profit "
    "investment_grade overweight outperforms buy_rating well-positioned "
    "reward* enhance* competitive competitiveness great";

const std::string_view good_weak
  = "launch* expand* expansion~ partnership~ opportunity opportunities "
    "agree agreed agreement~ contract~ orders invest invests "
    "investing modernise* modernize* upgrade_the stable steady stabilise* "
    "stabilize* enable* ease* easing support* optimise* optimize* "
    "progress gain_access satisfied pleased happy faster quicker grant* "
    "perform_well performed_well went_well progressing_well smoothly renew* extend* chosen selected select selects "
    "welcome* helped helps popular cooperation collaborate* "
    "collaboration hire hires recruit* deal deals reopen* resume* "
    "acquire~ acquired win_over completed_on_time";

const std::string_view bad_strong
  = "bankrupt bankruptcy insolvent insolvency receivership "
    "collapse* fraud fraudulent scandal~ default* profit_warning~ "
    "going_concern downgrade~ downgraded downgrading crisis crises "
    "misconduct money_laundering catastrophic disaster~ disastrous slump* "
    "plunge* crash* worse_than_expected weaker_than_expected "
    "below_expectations missed_estimates misses_estimates liquidation "
    "dividend_cut~ cuts_dividend into_administration "
    "voluntary_administration royal_commission criminal";

const std::string_view bad
  = "miss missed misses missing disappoint* disappointment~ weak weaker "
    "weakest weaken* weakness weaknesses poor poorer poorly bad worse worst "
    "worsen* deteriorate* deterioration negative negatively unfavourable "
    "unfavorable adverse adversely difficult difficulty difficulties tough "
    "tougher challenging struggle* suffer* hurt hurts hurting hit_by "
    "warn* warning~ lawsuit~ sue sued sues suing suit litigation "
    "class_action~ a_fine record_fine fined fines penalty penalties penalise* penalize* breach "
    "breaches breached probe~ probed investigate* investigation~ "
    "allegation~ allege* alleged accuse* accused fail* failure~ failed "
    "halt* suspend* suspension~ delay* cancel+ cancelled cancellation~ "
    "recall* lay_off lay_offs layoff~ laid_off lays_off laying_off "
    "redundant redundancy redundancies job_cut~ job_losses axe* sack* dismiss* "
    "terminate* termination closure~ shut shuts shutting shut_down "
    "close_down closing_down strike~ dispute~ outage~ hack* cyberattack "
    "data_breach~ leak* bearish pessimistic pessimism gloomy bleak fear~ "
    "worry worries worried concerns concerned threat~ threaten* volatile "
    "turmoil recession downturn~ slowdown~ slow_down slowed slows slowing "
    "stagnate* sluggish subdued soft_demand softer softness pressure~ pressured "
    "unprofitable losing lose loses lost underperform* underweight "
    "sell_rating sell-off selloff overvalued loss-making burden* "
    "shortage~ shortfall~ scrap+ withdraw withdraws withdrew withdrawn "
    "resigns_abruptly cut_back cutback~ cutbacks drag* dent* erode* "
    "squeeze* trouble~ troubled problem~ damage* collusion cartel illegal "
    "unlawful downside plummet* tumble* sanction~ guilty plead~ "
    "write_off write_offs wrote_off hammered battered";

const std::string_view bad_weak
  = "uncertain uncertainty uncertainties risky cautious caution* complain* "
    "complaint~ reject* rejected objection~ unable unfortunately "
    "reorganise* reorganisation restructure* restructuring temporary_layoffs "
    "one-off_charge~ mixed unclear slow slower postpone* deny denies "
    "denied scale_back overcapacity criticism criticise* criticize* "
    "question* discontinue* divest_at_a_loss mothball* "
    "tight unchanged_at_low exit_from quit quits";

// -- directions ---------------------------------------------------------------

const std::string_view up
  = "rise rises rose risen rising grow grows grew grown growing growth climb* "
    "jump* surge* soar* increase~ increased gain~ gained gaining upturn "
    "uptick spike* swell swells swelled swollen accelerate* acceleration "
    "advanced widen* edged_higher went_up go_up goes_up going_up double* "
    "triple* quadruple* rocket* leap* leapt skyrocket* picked_up peak* "
    "balloon* escalate* broaden* growing_faster higher larger bigger greater";

const std::string_view up_first
  = "increase increased increasing raise* lift* boost* hike* higher larger bigger "
    "greater grow growing rising added add adds record highest double "
    "doubled lifts expand expanded expanding growth_in increase_in rise_in "
    "upped maximise* maximize*";

const std::string_view down
  = "fall falls fell fallen falling drop+ decline* decrease* slip+ slide* "
    "slid sink sinks sank sunk dip+ shrink shrinks shrank shrunk shrinking "
    "contracted contracting contraction narrow* dwindle* tumble* "
    "plunge* plummet* slump* nosedive* dive* dived retreat* went_down "
    "go_down goes_down going_down ease* eased halve* lost_ground crumble* "
    "sag+ reduction~ lower smaller fewer less diminish* drops";

const std::string_view down_first
  = "reduce* reduced cut cuts cutting lower* lowered lowering slash* trim+ lower "
    "smaller fewer less falling shrinking declining decreasing decrease "
    "lowest minimise* minimize* curb* shed sheds shedding downsize* halve* "
    "dropping drop_in fall_in decline_in prune*";

// -- subjects -----------------------------------------------------------------

const std::string_view good_subjects
  = "profit~ earnings sales revenue~ turnover income ebit ebitda ebita eps "
    "eva margin~ result~ dividend~ cash_flow~ cashflow~ order~ order_book "
    "orders order_intake order_backlog backlog demand volume~ output "
    "production productivity market_share guidance outlook forecast "
    "share_price stock stocks share_prices return~ deposit~ lending roe "
    "target target_price price_target rating~ valuation customers traffic "
    "passenger~ shipment~ nii market_value market_cap "
    "capitalisation net_worth assets equity capacity "
    "utilisation utilization occupancy export~ "
    "performance earnings_per_share net_sales net_profit net_income "
    "operating_profit operating_income cash_earnings premium~ inflow~ "
    "subscription~ subscriber~ trading jobs job workforce shares "
    "investment_income loan_growth credit_growth consumer_confidence "
    "payout gdp net_interest_income interest_income profitability efficiency quality competitiveness "
    "price yield surplus bookings sentiment";

const std::string_view loss_subjects
  = "loss losses deficit~ net_loss net_losses operating_loss "
    "operating_losses loss_per_share pretax_loss";

const std::string_view bad_subjects
  = "impairment~ writedown~ write_down write_downs write-down write-downs "
    "arrears delinquency delinquencies bad_debts charge-off~ "
    "bad_loan~ non-performing outflow~ layoffs_number "
    "impairment_charge~ restructuring_cost~ credit_loss credit_losses "
    "loan_losses outage~ complaints fraud_losses one-off_costs "
    "fine fines penalty penalties redundancies overdue indebtedness";

const std::string_view plain_costs
  = "cost~ expense~ spending inflation unemployment headwind~ debt~ "
    "liability liabilities borrowing~ gearing leverage provision~ tax "
    "taxes rent~ inventory inventories price_pressure raw_material_prices "
    "cost_of_sales working_capital claim~ net_debt interest_expense~ "
    "competition risk~ capital_expenditure capex oil_price~ fuel_price~ "
    "bad_debt~";

const std::string_view neutral_subjects
  = "stake~ holding~ shareholding~ ownership voting_rights votes "
    "share_capital number_of_shares percentage_of proportion interest "
    "time employees personnel staff temperature age length weight size "
    "speed resolution the_number_of nominal_value threshold "
    "exchange_rate interest_rate~ cash_rate rate~ ratio holding_in "
    "stake_in shares_outstanding outstanding_shares population degree~ share_of votes_and";

// -- roles --------------------------------------------------------------------

const std::string_view negators
  = "not no never neither nor without cannot hardly barely unlikely "
    "fail_to fails_to failed_to lack lacks lacked instead_of no_longer "
    "absence_of avoid* rather_than denies_any";

const std::string_view much
  = "sharply significantly strongly heavily substantially considerably "
    "dramatically markedly steeply very extremely greatly highly huge hugely "
    "massive massively severe severely sharp steep dramatic significant "
    "substantial considerable clearly notably remarkable remarkably "
    "rapidly rapid big major record";

const std::string_view little
  = "slightly somewhat marginally modestly fractionally a_little a_bit "
    "moderately marginal modest slight minor partly partially mildly almost "
    "only";

const std::string_view contrasts = "but however yet nevertheless nonetheless "
                                   "though still_managed";

const std::string_view concessions
  = "despite although notwithstanding in_spite_of even_though regardless_of "
    "shrugs_off shrugged_off";

const std::string_view comparisons
  = "compared versus vs against comparison from_a comparing as_opposed_to "
    "corresponding_figure";

const std::string_view swings
  = "swing swings swung swinging turn turns turned return returned returns "
    "slipped_to fell_to_a sank_to_a moved shifted plunged_to_a came_back";

const std::string_view references
  = "expectation~ estimate~ forecast~ consensus guidance expected analysts' "
    "prediction~ target~ market_expectations previous_year "
    "last_year year_earlier year_ago previous";

} // namespace banksia::sentiment::word_lists
