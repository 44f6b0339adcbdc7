%% A gen_server that tells when it is up, answers, and crashes when told to.
-module(supervision_worker).
-behaviour(gen_server).
-export([start_link/1, init/1, handle_call/3, handle_cast/2]).

start_link(Client) ->
    gen_server:start_link({local, worker}, ?MODULE, Client, []).

init(Client) ->
    Client ! {up, self()},
    {ok, none}.

handle_call({add, X}, _From, State) ->
    {reply, X + 1, State}.

handle_cast({crash, N}, _State) ->
    error({crash, N}).
