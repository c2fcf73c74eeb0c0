"""Pages of drills. Owns nothing else."""
