x ~ normal(0, 1) # été
