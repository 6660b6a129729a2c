"""From evidence to explained estimates of skills, and what a learner knows."""
