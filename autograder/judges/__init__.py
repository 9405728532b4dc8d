"""One judge a file; each turns an exercise into a `Plan`."""
