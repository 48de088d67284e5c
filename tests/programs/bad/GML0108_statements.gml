def f(x):
    return x
let y = 3
z = y if y > 3 else 2
if y > 2 { w = 3 }
while y < 3 { y = y + 1 }
