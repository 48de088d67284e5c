data y: real
rate ~ exponential(1)
y ~ truncated(gamma(2, rate), upper=-1)
