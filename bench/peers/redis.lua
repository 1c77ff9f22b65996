-- Redis' protocol by hand, over a pool of kept connections to a Unix socket: no library in between.
local redis = {}
local socket_path

function redis.setup(path)
  socket_path = "unix:" .. path
end

-- A word of a command. Commands are put together by their callers, in one expression: a loop over words took the peer
-- half of its throughput.
function redis.bulk(text)
  return "$" .. #text .. "\r\n" .. text .. "\r\n"
end

-- The answer's first line, and of a bulk string what it says; nil, and why, if there is none.
function redis.ask(command)
  local connection = ngx.socket.tcp()
  local ok, why = connection:connect(socket_path)
  if not ok then return nil, why end
  ok, why = connection:send(command)
  if not ok then return nil, why end
  local head
  head, why = connection:receive("*l")
  if not head then return nil, why end
  local word
  if head:sub(1, 1) == "$" and head ~= "$-1" then
    word, why = connection:receive("*l")
    if not word then return nil, why end
  end
  connection:setkeepalive(60000, 512)
  return head, word
end

return redis
