"""Parts of contrib that versions shortly before 1.15 had, for --tensorflow 1.14."""
