"""The safety review of a study or one of its cohorts: what a committee looks at before the next step."""
