"""What `callbox bench` runs, with the peers it is compared with."""
