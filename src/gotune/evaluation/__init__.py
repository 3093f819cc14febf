"""How good a model is: on definitions, on sentences, under stress, beside others; which labels it doubts."""
