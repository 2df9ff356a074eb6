-- What the log says of tries that failed is kept for a while only, and is swept by what and when it was.
create index audit_events_by_action on audit_events (action, created_at);
