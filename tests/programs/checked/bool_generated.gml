data y: real
m ~ normal(0, 1)
y ~ normal(m, 1)
big = m > 0.5
p = real(big) + 1
both = big and m < 2
