dim K = 3, J = K
data y: real[K]
L ~ lkj_corr_cholesky(2)
z[J] ~ normal(0, 1)
y ~ normal(L @ z, 1)
