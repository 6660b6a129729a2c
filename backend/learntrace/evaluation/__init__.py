"""How good the models are, measured offline on data and on simulated learners."""
