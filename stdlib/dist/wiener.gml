## Time at which a Wiener process with drift delta reaches the upper one of two boundaries:
## alpha apart, with a start at the share beta of the way up, after a delay of tau.
##
## The lower boundary is the upper one of `wiener(alpha, tau, 1 - beta, -delta)`: the
## density of both together has mass 1. After Navarro and Fuss (2009), with as many terms
## as 13 digits need where small times give way to large ones.
dist wiener(
  alpha: real<lower=0>,
  tau: real<lower=0>,
  beta: real<lower=0,
  upper=1>,
  delta: real
) on real<lower=tau> {
  logpdf(x) {
    t = (x - tau) / alpha^2
    w = 1 - beta
    # the process has come to the boundary from w of the way below it
    drift = delta * alpha * w - 0.5 * delta^2 * (x - tau)
    inside = drift - 2 * log(alpha) + log_first_passage(t, w)
    return if x <= tau then -infinity() else inside
  }
  check wiener(1.5, 0.2, 0.5, 0.7).logpdf(0.9) ~= -0.8479860270175873
}
