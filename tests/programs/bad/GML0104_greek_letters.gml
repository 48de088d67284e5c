σ ~ half_normal(1)
x ~ normal(0, σ)
y = !(x > 0)
z = x > 0 & x < 1
