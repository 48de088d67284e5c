## Counts whose rate changes once, at a time that is summed out.
dim T
data count: int<lower=0>[T]

early ~ exponential(0.3)
late ~ exponential(0.3)

## first time of the later rate
change ~ discrete_uniform(0, T - 1)
rate[t: T] = if t < change then early else late
count ~ poisson(rate)
