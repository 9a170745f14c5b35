"""segindex and its peers on the same made-up cities: time, memory and values. Run `make benchmark`."""
