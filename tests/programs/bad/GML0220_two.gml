import imports.effects
import imports.deeper.effects
x = 1
