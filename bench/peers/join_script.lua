-- One atomic step, as Redis runs it: one place a customer, counted in the order of arrival.
-- KEYS: the counter, the customers who wait. ARGV: the customer.
if redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return 'again' end
return tostring(redis.call('INCR', KEYS[1]))
