"""What is printed: letters, proofs of service, the case file. Opens no seal and decides nothing."""
