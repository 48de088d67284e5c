## Disasters in mines: a rate before a year, and another one from then on.
dim T
data y: int<lower=0>[T]

early ~ exponential(1)
late ~ exponential(1)

# By a recurrence, with T terms. As a parameter, `change ~ discrete_uniform(0, size(T) - 1)`,
# the year would be summed out with T terms for each of T counts.

## log probability of the counts if the rate changes in year s, and of that year
log_joint[0] = sum(poisson(late).logpmf(y) over T) - log(size(T))
for s in 1..T {
  log_joint[s] = (
    log_joint[s - 1]
    + poisson(early).logpmf(y[s - 1])
    - poisson(late).logpmf(y[s - 1])
  )
}
factor logsumexp(log_joint over T)

## how probable each year is
probability = exp(log_joint - logsumexp(log_joint over T))
