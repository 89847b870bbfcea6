%% Bare Erlang: a process for each socket; what one client says is framed once and sent to every process.
-module(fan).
-export([main/1]).

main([Port]) ->
    {ok, Door} = gen_tcp:listen(list_to_integer(Port),
        [binary, {ip, {127, 0, 0, 1}}, {active, false}, {reuseaddr, true}, {nodelay, true}, {backlog, 4096}]),
    ets:new(clients, [named_table, public, set, {write_concurrency, true}]),
    accept(Door).

accept(Door) ->
    {ok, Socket} = gen_tcp:accept(Door),
    Client = spawn(fun() -> receive go -> shake(Socket, <<>>) end end),
    ok = gen_tcp:controlling_process(Socket, Client),
    Client ! go,
    accept(Door).

shake(Socket, Had) ->
    {ok, More} = gen_tcp:recv(Socket, 0),
    Head = <<Had/binary, More/binary>>,
    case binary:split(Head, <<"\r\n\r\n">>) of
        [Request, Rest] ->
            {match, [Key]} = re:run(Request, "Sec-WebSocket-Key: (\\S+)", [{capture, [1], binary}]),
            Proof = base64:encode(crypto:hash(sha, <<Key/binary, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11">>)),
            ok = gen_tcp:send(Socket, [<<"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n",
                "Connection: Upgrade\r\nSec-WebSocket-Accept: ">>, Proof, <<"\r\n\r\n">>]),
            ets:insert(clients, {self()}),
            inet:setopts(Socket, [{active, once}]),
            live(Socket, Rest);
        _ -> shake(Socket, Head)
    end.

live(Socket, Had) ->
    Rest = heard(Had),
    receive
        {push, Frame} -> gen_tcp:send(Socket, Frame), live(Socket, Rest);
        {tcp, Socket, More} -> inet:setopts(Socket, [{active, once}]), live(Socket, <<Rest/binary, More/binary>>);
        {tcp_closed, Socket} -> ets:delete(clients, self())
    end.

heard(<<_:4, 1:4, 1:1, 126:7, Len:16, Mask:32, Text:Len/binary, Rest/binary>>) -> push(unmasked(Text, Mask)), heard(Rest);
heard(<<_:4, 1:4, 1:1, Len:7, Mask:32, Text:Len/binary, Rest/binary>>) when Len < 126 -> push(unmasked(Text, Mask)), heard(Rest);
heard(Part) -> Part.

unmasked(Text, Mask) ->
    Size = byte_size(Text),
    <<Key:Size/binary, _/binary>> = binary:copy(<<Mask:32>>, Size div 4 + 1),
    crypto:exor(Text, Key).

push(Text) ->
    Frame = framed(Text, byte_size(Text)),
    ets:foldl(fun({Client}, ok) -> Client ! {push, Frame}, ok end, ok, clients).

framed(Text, Len) when Len < 126 -> <<129, Len, Text/binary>>;
framed(Text, Len) -> <<129, 126, Len:16, Text/binary>>.
