%% The peer of `bench_supervision restart`: OTP's supervisor restarts a
%% gen_server that has crashed. OTP's own handler writes its reports to a file;
%% another one counts them.
-module(supervision).
-behaviour(supervisor).
-export([main/1, start_link/1, init/1, log/2]).

main([Rounds]) ->
    N = list_to_integer(Rounds),
    process_flag(trap_exit, true),
    counters_new(),
    logger:remove_handler(default),
    ok = logger:add_handler(default, logger_std_h,
                            #{config => #{file => "otp.log"}}),
    ok = logger:add_handler(count, ?MODULE, #{}),
    {ok, _} = start_link(self()),
    Times = lists:sort(rounds(N, [])),
    case counters:get(persistent_term:get(reports), 1) of
        Reports when Reports < N -> halt(1);
        _ -> ok
    end,
    io:format("~.3f ~.3f~n", [at(Times, 0.5), at(Times, 0.99)]),
    halt(0).

counters_new() ->
    persistent_term:put(reports, counters:new(1, [])).

log(#{msg := {report, #{label := {supervisor, child_terminated}}}}, _) ->
    counters:add(persistent_term:get(reports), 1, 1);
log(_, _) ->
    ok.

at(Sorted, Part) ->
    lists:nth(1 + trunc(Part * (length(Sorted) - 1)), Sorted) / 1000.

rounds(N, Times) ->
    First = receive {up, P} -> P end,
    _ = gen_server:call(First, {add, 1}),
    loop(N, First, Times).

loop(0, _, Times) ->
    Times;
loop(N, Target, Times) ->
    Begun = erlang:monotonic_time(nanosecond),
    gen_server:cast(Target, {crash, N}),
    Next = receive {up, P} -> P end,
    _ = gen_server:call(Next, {add, 1}),
    Ended = erlang:monotonic_time(nanosecond),
    loop(N - 1, Next, [Ended - Begun | Times]).

start_link(Client) ->
    supervisor:start_link({local, sup}, ?MODULE, Client).

init(Client) ->
    {ok, {#{strategy => one_for_one, intensity => 1000000, period => 1},
          [#{id => worker,
             start => {supervision_worker, start_link, [Client]}}]}}.
