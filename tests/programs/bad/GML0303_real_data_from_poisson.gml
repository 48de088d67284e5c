dim N
data y: real[N]
rate ~ gamma(2, 1)
y ~ poisson(rate)
