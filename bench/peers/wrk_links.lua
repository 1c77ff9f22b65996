-- Requests of short links that differ from one another: `follow N` asks for one of N links, each as likely, and
-- `create` makes a link of a new address.
dofile(os.getenv("WRK_PEERS") .. "/wrk_report.lua")

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local next_request
function init(arguments)
  math.randomseed(number * 7919 + os.time())
  if arguments[1] == "follow" then
    local links = tonumber(arguments[2])
    next_request = function() return wrk.format("GET", "/b0" .. math.random(links)) end
  else
    local made = 0
    next_request = function()
      made = made + 1
      local url = "https://shop.example/drop?from=mail&thread=" .. number .. "&row=" .. made
      return wrk.format("POST", "/api/v1/urls", nil, '{"long_url":"' .. url .. '"}')
    end
  end
end

function request()
  return next_request()
end
