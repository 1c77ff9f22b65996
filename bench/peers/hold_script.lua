-- One atomic step, as Redis runs it: one unit a customer, never more than there are, a hold that expires by itself.
-- KEYS: the stock, the customers, the hold. ARGV: the customer, the seconds of a hold.
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return 'one-per-customer' end
if tonumber(redis.call('GET', KEYS[1]) or '0') <= 0 then return 'sold-out' end
redis.call('DECR', KEYS[1])
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('SET', KEYS[3], ARGV[1], 'EX', ARGV[2])
return 'held'
