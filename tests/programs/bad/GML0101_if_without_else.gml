x ~ normal(0, 1)
y = if x > 0 then x
