import "../effects.gml"
import ../effects
import effects.gml as other
