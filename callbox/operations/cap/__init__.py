"""The Common Alerting Protocol 1.2 (OASIS, 1 July 2010): its words, a writer, a reader, and what an alert of ours must keep. Pure."""
