"""Labels of which several may hold of a text, and none: how their heads are learnt."""
