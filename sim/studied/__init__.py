"""What has been studied, and where a plan, a city or a run goes beyond it."""
