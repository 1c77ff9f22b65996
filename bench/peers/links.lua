-- Short links as one writes them in an afternoon, and writes them well: a key in Redis a link. In the peer's favour the
-- long URL is taken as it comes, nobody shows a key, and nothing is counted.
local redis = require("redis")
local bulk = redis.bulk
local links = {}

local function fail(why)
  ngx.log(ngx.ERR, "redis: ", why)
  return ngx.exit(500)
end

function links.follow()
  local code = ngx.var.uri:sub(2)
  local head, long_url = redis.ask("*2\r\n" .. bulk("GET") .. bulk(code))
  if not head then return fail(long_url) end
  if not long_url then return ngx.exit(404) end
  return ngx.redirect(long_url, 301)
end

function links.create()
  ngx.req.read_body()
  local body = ngx.req.get_body_data()
  local long_url = body and body:match('"long_url":"([^"]+)"')
  if not long_url then return ngx.exit(400) end
  local code = ngx.var.request_id:sub(1, 10)
  local head, why = redis.ask("*4\r\n" .. bulk("SET") .. bulk(code) .. bulk(long_url) .. bulk("NX"))
  if not head then return fail(why) end
  if head ~= "+OK" then return ngx.exit(409) end
  local answer = '{"short_code":"' .. code .. '","long_url":"' .. long_url .. '"}'
  ngx.status = 201
  ngx.header.content_length = #answer
  ngx.print(answer)
end

return links
