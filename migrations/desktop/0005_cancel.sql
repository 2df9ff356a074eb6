-- A person can end a run that another process drives: its holder is asked, and looks.
-- Can an older binary open the database after this migration? Yes: it does not look.
ALTER TABLE leases ADD COLUMN asked_to_cancel INTEGER NOT NULL DEFAULT 0 CHECK (asked_to_cancel IN (0, 1));
