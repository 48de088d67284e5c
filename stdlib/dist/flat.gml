## The improper uniform: adds nothing to the score.
##
## Declare bounds on the left, `sigma: real<lower=0> ~ flat()`. It has no sampler and no
## moments: the posterior is proper only if the data make it so.
dist flat() on real {
  logpdf(x) = 0.0
  check flat().logpdf(3.0) ~= 0
}
