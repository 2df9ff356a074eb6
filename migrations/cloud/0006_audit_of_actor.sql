-- When an account is deleted, what it did in organizations is found, to take the addresses out.
create index audit_events_of_actor on audit_events (actor);
