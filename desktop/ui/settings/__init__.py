"""The page 设置: the office, its people, calendar, rules, backups, check-up, journal, and this machine."""
