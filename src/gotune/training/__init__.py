"""How a model learns: recipes, the loop, the Hugging Face Trainer, checkpoints."""
