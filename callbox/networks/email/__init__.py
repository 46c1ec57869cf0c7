"""Letters of the agency over SMTP, and what comes back over IMAP."""
