-- Invitations that are over are swept after a while, and go with the account of whom they were for.
create index invitations_by_closing on invitations (closed_at);
create index invitations_by_mailbox on invitations (email_key);
