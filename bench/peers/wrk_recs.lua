-- Questions about recommendations that differ from one another: `item N` asks what goes with one of N items, `user N`
-- what is for one of N users, each as likely.
dofile(os.getenv("WRK_PEERS") .. "/wrk_report.lua")

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local many, before, after
function init(arguments)
  math.randomseed(number * 7919 + os.time())
  many = tonumber(arguments[2])
  if arguments[1] == "item" then
    before, after = "/api/v1/recs/items/item-", "/also-bought"
  else
    before, after = "/api/v1/recs/recommendations?user=user-", ""
  end
end

function request()
  return wrk.format("GET", before .. math.random(0, many - 1) .. after)
end
