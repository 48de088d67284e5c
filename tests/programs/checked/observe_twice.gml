dim N
data y: real[N]
a ~ normal(0, 1)
y ~ normal(a, 1)
y ~ student_t(3, a, 2)
