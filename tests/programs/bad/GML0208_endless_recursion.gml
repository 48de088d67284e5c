dim N
data y: real[N]
fn power(x, n: int) = if n == 0 then 1 else x * power(x, n - 1)
m ~ normal(0, 1)
y ~ normal(power(m, -1), 1)
