"""Series of temperatures from devices, thinned for grading. Pure."""
