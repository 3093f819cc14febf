"""Two engines that fine-tune an encoder, and the baselines to beat."""
