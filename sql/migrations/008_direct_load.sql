-- migrate:up

-- A load takes the ids of its new stories first, so that their rows, copies and all, go in by one COPY.
grant usage on sequence core.story_story_id_seq to communique_loader;

-- migrate:down
