-- Invitations that nobody answered in time are swept, too; and the keys that somebody made are found when they are taken back.
create index invitations_by_end on invitations (expires_at);
create index api_keys_by_maker on api_keys (created_by);
