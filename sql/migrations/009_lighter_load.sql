-- migrate:up

-- Looking up ten thousand keys is dear enough for Postgres to compile it, which takes ten times as long as doing it.
alter role communique_loader set jit = off;
-- What a batch of ten thousand events inserts is checked in memory.
alter role communique_loader set work_mem = '32MB';

-- A load takes the ids of its new stories at one stroke.
grant update on sequence core.story_story_id_seq to communique_loader;

-- Runs and first loads only grow: a summary of each megabyte finds them as well, and costs a load nothing.
drop index core.event_version_run, core.event_mention_run, core.event_first_known;
create index event_version_run on core.event_version using brin (run_id) with (autosummarize = on);
create index event_mention_run on core.event_mention using brin (run_id) with (autosummarize = on);
create index event_first_known on core.event using brin (first_known_at) with (autosummarize = on);

-- The load says itself which days it touched.
drop function if exists core.refresh_dyad_days;

-- The same words are one mention, whichever coder found them first.
delete from core.event_mention m using core.event_mention o
where o.event_id = m.event_id and o.story_id = m.story_id and o.revision = m.revision and o.start_char = m.start_char and o.end_char = m.end_char
    and (o.recorded_at, o.coder_version) < (m.recorded_at, m.coder_version);
alter table core.event_mention drop constraint event_mention_pkey;
alter table core.event_mention add primary key (event_id, story_id, revision, start_char, end_char);

-- That an event has one open version at most: of those after the first an index sees to it; that the first is closed before another
-- is written, a trigger. An index of all open ones, nearly all of them first ones, repeated the primary key.
drop index core.event_version_current;
create unique index event_version_open on core.event_version (event_id) where version > 1 and known_to = 'infinity';
create function core.guard_one_open_version() returns trigger language plpgsql as $$
declare
    twice text;
begin
    -- Whoever writes a further version of an event that another transaction has just made waits at the foreign key, and whoever
    -- wants to close the first after somebody else did is refused by core.guard_append_only.
    select a.event_id into twice from added a
    where a.version > 1 and a.known_to = 'infinity'
        and (select v.known_to from core.event_version v where v.event_id = a.event_id and v.version = 1) = 'infinity'
    limit 1;
    if found then
        raise unique_violation using message = format('event %s has an open version already: close it first', twice), schema = 'core', table = 'event_version';
    end if;
    return null;
end $$;
comment on function core.guard_one_open_version is 'Trigger: refuses a further open version of an event whose first is open';
create trigger one_open_version after insert on core.event_version
    referencing new table as added for each statement execute function core.guard_one_open_version();

-- Most events are part of no other, and of most the coder is sure: the others are what is asked for.
drop index core.event_version_parent, core.event_version_unsure;
create index event_version_parent on core.event_version (parent_event_id) where parent_event_id is not null and known_to = 'infinity';
create index event_version_unsure on core.event_version (confidence) where confidence < 0.75 and known_to = 'infinity';

-- migrate:down
