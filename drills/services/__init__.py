"""Write doors of drills, by what they write. Owns nothing else."""
