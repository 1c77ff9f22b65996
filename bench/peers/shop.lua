-- What a shop writes in an afternoon, and writes well: no library between nginx and Redis, kept connections, scripts by
-- their hashes. In the peer's favour the customer is read from the token without checking its signature, the answers
-- are shorter than ours, and the reason to refuse is all that it tells.
local redis = require("redis")
local bulk = redis.bulk
local shop = {}
local hold_sha, join_sha

function shop.setup(path, hold, join)
  redis.setup(path)
  hold_sha, join_sha = hold, join
end

local function customer_of_request()
  local token = ngx.var.http_authorization
  local payload = token and token:match("^Bearer [^.]+%.([^.]+)%.")
  if not payload then return nil end
  payload = payload:gsub("-", "+"):gsub("_", "/")
  local claims = ngx.decode_base64(payload .. ("="):rep(-#payload % 4))
  return claims and claims:match('"sub":"([^"]+)"')
end

-- EVALSHA sha 3 stock customers hold:ID customer seconds.
local function hold_command(customer, id)
  return "*8\r\n" .. bulk("EVALSHA") .. bulk(hold_sha) .. bulk("3") .. bulk("stock") .. bulk("customers") ..
    bulk("hold:" .. id) .. bulk(customer) .. bulk("300")
end

-- EVALSHA sha 2 places queue customer.
local function join_command(customer)
  return "*6\r\n" .. bulk("EVALSHA") .. bulk(join_sha) .. bulk("2") .. bulk("places") .. bulk("queue") .. bulk(customer)
end

-- The word that a script answers with.
local function run(command)
  local head, word = redis.ask(command)
  if not word then return nil, head end
  return head and word, word
end

local function answer(status, body)
  ngx.status = status
  ngx.header.content_length = #body
  ngx.print(body)
end

local function fail(why)
  ngx.log(ngx.ERR, "redis: ", why)
  answer(500, '{"status":500}')
end

function shop.hold()
  local customer = customer_of_request()
  if not customer then return answer(401, '{"status":401}') end
  local id = ngx.var.request_id
  local word, why = run(hold_command(customer, id))
  if not word then return fail(why) end
  if word ~= "held" then return answer(409, '{"status":409,"type":"' .. word .. '"}') end
  answer(201, '{"id":"' .. id .. '","sale":"drop","state":"held"}')
end

function shop.join()
  local customer = customer_of_request()
  if not customer then return answer(401, '{"status":401}') end
  local place, why = run(join_command(customer))
  if not place then return fail(why) end
  if place == "again" then return answer(409, '{"status":409,"type":"again"}') end
  answer(202, '{"position":' .. place .. ',"sale":"drop","state":"waiting"}')
end

return shop
