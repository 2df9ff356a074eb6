-- In which session something was begun that goes on by itself: a link that waits in a mailbox, a code on its way to a program, a
-- device that somebody let in. It ends with that session when its person ends it.
alter table tickets add column session_id uuid references sessions (id) on delete cascade;
alter table device_requests add column session_id uuid references sessions (id) on delete cascade;
create index tickets_of_session on tickets (session_id);
create index device_requests_of_account on device_requests (account_id);
create index device_requests_of_session on device_requests (session_id);
