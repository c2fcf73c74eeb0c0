"""The second factor: something that an officer has, beside the password that an officer knows."""
