## Disasters in mines: a rate before a year, and another one from then on.
dim T
data y: int<lower=0>[T]

early ~ exponential(1)
late ~ exponential(1)

## the first year of the later rate
change ~ discrete_uniform(0, size(T) - 1)
for t in T {
  y[t] ~ poisson(if t < change then early else late)
}
