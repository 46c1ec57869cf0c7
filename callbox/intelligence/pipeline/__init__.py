"""From a public stream to what is kept of it: listen, match, append to the log; fetch, ask again, keep once, acknowledge."""
