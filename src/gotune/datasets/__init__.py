"""What models learn from: definitions with honest splits, labelled, weakly labelled and made-up sentences."""
